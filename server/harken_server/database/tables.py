"""Every table as a Piccolo class: the schema as code reads it, checked against both databases.

The query modules speak plain SQL (docs/decisions/0005), and `Response`, `Answer`, `AnswerCount`
and `Feed` are on the hot path, where Piccolo must never be: here they are declared only so that
migrations and tests know them. The DDL itself is in `migrations`; a test compares the
real columns of both databases with these classes, so neither can drift.
"""

from __future__ import annotations

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    DoublePrecision,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from harken_server.database.touchpoint_tables import TOUCHPOINT_TABLES


class Workspace(Table, tablename="workspace"):
    """The owner of surveys, keys and data; the isolation boundary."""

    id = UUID(primary_key=True)
    slug = Varchar(length=32, unique=True)
    name = Varchar(length=120)
    created_at = Timestamptz()
    asking = Text(help_text="JSON: rules for all surveys of the workspace.")


class ApiKey(Table, tablename="api_key"):
    """One key of a workspace; the secret itself is never stored."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    name = Varchar(length=120)
    prefix = Varchar(length=12, help_text="The secret's first characters, to recognise it by.")
    digest = Varchar(length=64, unique=True, help_text="SHA-256 of the secret, hex.")
    scopes = Varchar(length=64, help_text="Comma separated.")
    created_at = Timestamptz()
    revoked_at = Timestamptz(null=True)
    origins = Text(help_text="Separated by spaces; empty: any.")


class Survey(Table, tablename="survey"):
    """A survey without its definition; `version` is the number of the published one."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    key = Varchar(length=64)
    status = Varchar(length=8)
    version = Integer()
    created_at = Timestamptz()
    updated_at = Timestamptz()


class SurveyVersion(Table, tablename="survey_version"):
    """One published, unchangeable definition."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    survey_id = UUID()
    number = Integer()
    definition = Text(help_text="Canonical JSON.")
    digest = Varchar(length=64)
    change = Varchar(length=9)
    published_at = Timestamptz()


class Touchpoint(Table, tablename="touchpoint"):
    """A moment in the customer's journey, and how often it may ask."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    key = Varchar(length=64)
    survey = Varchar(length=64, null=True, help_text="The survey's key.")
    sample_rate = DoublePrecision()
    cooldown_days = Integer()
    link_ttl_days = Integer()
    updated_at = Timestamptz()
    title = Text()
    journey = Text(null=True, help_text="The journey's key.")
    stage = Text(null=True, help_text="The stage's key.")
    place = Integer(help_text="Order within the stage.")
    weight = DoublePrecision()
    owner = Text()
    question = Text(help_text="The business question.")
    asking = Text(help_text="JSON.")


class Suppression(Table, tablename="suppression"):
    """A respondent who must not be asked."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    respondent = Varchar(length=200)
    reason = Varchar(length=20)
    created_at = Timestamptz()


class Invitation(Table, tablename="invitation"):
    """One respondent's personal link, for one survey."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    survey_id = UUID()
    code = Varchar(length=16, unique=True)
    touchpoint = Varchar(length=64)
    channel = Varchar(length=64)
    respondent = Varchar(length=200, null=True)
    locale = Varchar(length=12, null=True)
    context = Text(help_text="JSON.")
    is_single_use = Boolean()
    created_at = Timestamptz()
    expires_at = Timestamptz(null=True)
    response_id = UUID(null=True, help_text="The response that claimed it.")
    shown_at = Timestamptz(null=True)
    dismissed_at = Timestamptz(null=True)
    wave = Text(help_text="Of a programme; empty: none.")
    quotas = Text(help_text="Names, separated by spaces.")


class Decision(Table, tablename="decision"):
    """Whether a trigger led to asking, and why."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    touchpoint = Varchar(length=64)
    channel = Varchar(length=64)
    respondent = Varchar(length=200, null=True)
    survey_id = UUID(null=True)
    is_asked = Boolean()
    reason = Varchar(length=32)
    invitation_id = UUID(null=True)
    idempotency_key = Varchar(length=128, null=True)
    request_digest = Varchar(length=64)
    created_at = Timestamptz()
    facts = Text(help_text="JSON: all that was decided on.")


class Feed(Table, tablename="feed"):
    """One row: the position of the latest change of any response. Hot path, raw SQL only."""

    id = Integer(primary_key=True)
    position = BigInt()


class Response(Table, tablename="response"):
    """All answers one respondent gave in one sitting. Hot path, raw SQL only."""

    number = BigInt(primary_key=True, help_text="The feed position at which it was first stored.")
    id = UUID()
    workspace_id = UUID()
    survey_id = UUID()
    version = Integer()
    position = BigInt(help_text="The feed position of its latest change.")
    state = Varchar(length=8)
    sequence = Integer()
    digest = Varchar(length=32)
    touchpoint = Varchar(length=64)
    channel = Varchar(length=64)
    locale = Varchar(length=12)
    respondent = Varchar(length=200, null=True)
    invitation_id = UUID(null=True)
    context = Text(help_text="JSON.")
    started_at = Timestamptz(null=True)
    submitted_at = Timestamptz()
    updated_at = Timestamptz()
    completed_at = Timestamptz(null=True)
    day = Integer(help_text="Proleptic ordinal of the UTC day of submitted_at.")
    is_sample = Boolean()
    is_verified = Boolean(help_text="Whether the respondent is proved and not only claimed.")
    standing = Text(help_text="Only counted ones enter counts and scores.")
    flags = Text(help_text="For review; separated by spaces.")


class Answer(Table, tablename="answer"):
    """One typed row of an answer (`surveys.answers.typed_rows.AnswerRow`). Raw SQL only."""

    response_number = BigInt(primary_key=True)
    question = Varchar(length=32, primary_key=True)
    part = Varchar(length=32, primary_key=True)
    rating = Integer(null=True)
    number = DoublePrecision(null=True)
    choice = Varchar(length=32, null=True)
    text = Text(null=True)
    is_hidden = Boolean()


class AnswerCount(Table, tablename="answer_count"):
    """How many visible answers share a value on a day. Hot path, raw SQL only.

    Empty part and value: how many people answered a question of several parts.
    """

    workspace_id = UUID()
    survey_id = UUID(primary_key=True)
    question = Varchar(length=32, primary_key=True)
    part = Varchar(length=32, primary_key=True)
    value = Varchar(length=32, primary_key=True)
    version = Integer(primary_key=True)
    touchpoint = Varchar(length=64, primary_key=True)
    channel = Varchar(length=64, primary_key=True)
    day = Integer(primary_key=True)
    n = BigInt()


class Outbox(Table, tablename="outbox"):
    """Work promised in the transaction that caused it, to be done by the worker."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    kind = Varchar(length=40)
    payload = Text(help_text="JSON.")
    created_at = Timestamptz()
    due_at = Timestamptz()
    attempts = Integer()
    leased_until = Timestamptz(null=True)
    finished_at = Timestamptz(null=True)
    last_error = Text(null=True, help_text="With finished_at: given up, and why.")


TABLES: tuple[type[Table], ...] = (
    Workspace,
    ApiKey,
    Survey,
    SurveyVersion,
    Touchpoint,
    Suppression,
    Invitation,
    Decision,
    Feed,
    Response,
    Answer,
    AnswerCount,
    Outbox,
    *TOUCHPOINT_TABLES,
)

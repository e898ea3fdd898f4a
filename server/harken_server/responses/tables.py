"""The tables of responses, their answers and the counts of them: the hot path, in plain SQL.

Both name their survey by its small number, which is found by `responses.store.selection.OF_SURVEY`
or on the record of a survey, and is therefore always one of the caller's workspace.
"""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import (
    BigInt,
    Boolean,
    Bytea,
    DoublePrecision,
    Integer,
    SmallInt,
    Text,
    Varchar,
)
from piccolo.table import Table

from harken_server.database.columns import Document, Id, Indexes, Json, Names, Time, Words
from harken_server.responses.codes import APART


class Response(Table, tablename="response"):
    """All answers one respondent gave in one sitting. Hot path, raw SQL only."""

    number = BigInt(primary_key=True, help_text="The feed position at which it was first stored.")
    id = Id()
    survey_number = Integer()
    version = Integer()
    position = BigInt(help_text="The feed position of its latest change.")
    state = SmallInt(help_text="`responses.codes`, as is `standing`.")
    sequence = Integer()
    digest = Bytea(help_text="Of the latest submission as sent.")
    touchpoint = Varchar(length=64)
    channel = Varchar(length=64)
    locale = Varchar(length=12)
    respondent = Varchar(length=200, null=True)
    invitation_id = Id(null=True)
    context = Text(help_text="JSON.")
    started_at = Time(null=True)
    submitted_at = Time(help_text="When it arrived.")
    answered_at = Time(null=True, help_text="NULL: when it arrived.")
    updated_at = Time(help_text="Of the latest submission: of a complete one, its completion.")
    day = Integer(help_text="Proleptic ordinal of its day, in the zone of its workspace.")
    is_sample = Boolean()
    resume_digest = Id(null=True, help_text="`responses.known`.")
    proof = SmallInt(help_text="Of the respondent: `responses.codes`; 0: only claimed.")
    origin_proof = SmallInt(help_text="Of where it comes from: `responses.codes`; 0: nothing.")
    claimed = Text(help_text="Names of the context nobody vouches for: `responses.known`.")
    standing = SmallInt(help_text="Only counted ones enter counts and scores.")
    flags = Text(help_text="For review; separated by spaces.")
    dimensions = Text(help_text="Under what it is counted besides, JSON; empty: nothing.")
    answers = Document(help_text="`responses.store.row`.")
    quotas = Words(help_text="Of the survey, that it fills.")
    history = Text(help_text="`responses.sequences`; empty while there is only the first.")
    probability = DoublePrecision(
        null=True, help_text="With which its person was asked; NULL: nobody was drawn."
    )
    has_text = Boolean(help_text="Whether there is a visible text among the answers.")
    block = BigInt(
        null=True,
        help_text="Shown with the others of it; 0: with none yet, -1: no more; NULL: alone.",
    )

    unique_together: ClassVar[Names] = (("survey_number", "id"),)
    index_on: ClassVar[Indexes] = {
        "response_feed": "(survey_number, position)",
        "response_respondent": "(respondent, survey_number) WHERE respondent IS NOT NULL",
        "response_apart": f"(survey_number, standing) WHERE {APART}",
        "response_flagged": "(survey_number, position) WHERE flags <> ''",
        "response_text": "(survey_number, updated_at, number) WHERE has_text",
        "response_quota": "(survey_number) WHERE quotas <> ''",
        "response_sample": "(survey_number) WHERE is_sample",
        "response_block": "(survey_number, block) WHERE block IS NOT NULL",
    }


class AnswerCount(Table, tablename="answer_count"):
    """How many visible answers to a question share a value on a day. Hot path, raw SQL only.

    Empty dimension: of all; else of those whose `dimension` is `member`. Lanes are to be summed.
    """

    survey_number = Integer(primary_key=True)
    dimension = Varchar(length=32, primary_key=True)
    member = Varchar(length=64, primary_key=True)
    question = Varchar(length=32, primary_key=True)
    day = Integer(primary_key=True, help_text="Before the rest: a few days are read of many.")
    version = Integer(primary_key=True)
    touchpoint = Varchar(length=64, primary_key=True)
    channel = Varchar(length=64, primary_key=True)
    lane = Integer(primary_key=True)
    counts = Document(help_text="By value: `responses.store.row`.")

    is_key_only: ClassVar = True


class DayCount(Table, tablename="day_count"):
    """What `answer_count` adds up to over touchpoints and channels, kept with it.

    A house has many of these, so that few answers share a row there. Hot path, raw SQL only.
    """

    survey_number = Integer(primary_key=True)
    dimension = Varchar(length=32, primary_key=True)
    member = Varchar(length=64, primary_key=True)
    question = Varchar(length=32, primary_key=True)
    day = Integer(primary_key=True)
    version = Integer(primary_key=True)
    lane = Integer(primary_key=True)
    counts = Document(help_text="By value: `responses.store.row`.")

    is_key_only: ClassVar = True


class Escalation(Table, tablename="escalation"):
    """A respondent with several poor answers; one is open at a time."""

    id = Id(primary_key=True)
    workspace_id = Id()
    respondent = Varchar(length=200)
    detail = Json()
    opened_at = Time()
    closed_at = Time(null=True)

    index_on: ClassVar[Indexes] = {
        "escalation_respondent": "(workspace_id, respondent)",
    }
    unique_index_on: ClassVar[Indexes] = {
        "escalation_open": "(workspace_id, respondent) WHERE closed_at IS NULL",
    }

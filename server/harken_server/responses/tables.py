"""The tables of responses, their answers and the counts of them: the hot path, in plain SQL."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import BigInt, Boolean, Integer, Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Document, Id, Indexes, Names, Time


class Response(Table, tablename="response"):
    """All answers one respondent gave in one sitting. Hot path, raw SQL only."""

    number = BigInt(primary_key=True, help_text="The feed position at which it was first stored.")
    id = Id()
    workspace_id = Id()
    survey_id = Id()
    version = Integer()
    position = BigInt(help_text="The feed position of its latest change.")
    state = Varchar(length=8)
    sequence = Integer()
    digest = Varchar(length=32)
    touchpoint = Varchar(length=64)
    channel = Varchar(length=64)
    locale = Varchar(length=12)
    respondent = Varchar(length=200, null=True)
    invitation_id = Id(null=True)
    context = Text(help_text="JSON.")
    started_at = Time(null=True)
    submitted_at = Time()
    updated_at = Time()
    completed_at = Time(null=True)
    day = Integer(help_text="Proleptic ordinal of the UTC day of submitted_at.")
    is_sample = Boolean()
    resume_digest = Id(null=True, help_text="`responses.sequences`.")
    is_verified = Boolean(help_text="Whether the respondent is proved and not only claimed.")
    standing = Text(help_text="Only counted ones enter counts and scores.")
    flags = Text(help_text="For review; separated by spaces.")
    dimensions = Text(help_text="Under what it is counted besides, JSON; empty: nothing.")
    answers = Document(help_text="`responses.store.row`.")
    has_text = Boolean(help_text="Whether there is a visible text among the answers.")

    unique_together: ClassVar[Names] = (("survey_id", "id"),)
    index_on: ClassVar[Indexes] = {
        "response_feed": "(survey_id, position)",
        "response_respondent": "(workspace_id, respondent) WHERE respondent IS NOT NULL",
        "response_apart": "(survey_id, standing) WHERE standing <> 'counted'",
        "response_flagged": "(workspace_id, position) WHERE flags <> ''",
        "response_text": "(survey_id, updated_at) WHERE has_text",
        "response_sample": "(survey_id) WHERE is_sample",
    }


class AnswerCount(Table, tablename="answer_count"):
    """How many visible answers share a value on a day. Hot path, raw SQL only.

    Empty part and value: how many people answered a question of several parts. Empty dimension:
    all of them; else those whose `dimension` is `member`. Lanes are to be summed.
    """

    workspace_id = Id()
    survey_id = Id(primary_key=True)
    dimension = Varchar(length=32, primary_key=True)
    member = Varchar(length=64, primary_key=True)
    question = Varchar(length=32, primary_key=True)
    part = Varchar(length=32, primary_key=True)
    value = Varchar(length=32, primary_key=True)
    version = Integer(primary_key=True)
    touchpoint = Varchar(length=64, primary_key=True)
    channel = Varchar(length=64, primary_key=True)
    day = Integer(primary_key=True)
    lane = Integer(primary_key=True)
    n = BigInt()

    is_key_only: ClassVar = True


TABLES: tuple[type[Table], ...] = (
    Response,
    AnswerCount,
)

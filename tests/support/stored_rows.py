"""Answers of every kind as a response's rows, and the counts of what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from harken_server.database.database import Database
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter
from harken_server.surveys.answers.typed_rows import AnswerRow

NOON = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
EVERYTHING = [
    AnswerRow("recommend", rating=9),
    AnswerRow("size", number=2.5),
    AnswerRow("reasons", part="price", choice="price"),
    AnswerRow("reasons", part="other", choice="other", text="Æøå \U0001f600"),
    AnswerRow("skipped", rating=3, is_hidden=True),
    AnswerRow("why", text="Line one\nline 'two', \"three\""),
]


async def counts_of(db: Database, new: Any) -> list[CountRow]:
    return await read_counts(
        db, new.survey.workspace_id, new.survey.id, CountFilter(), questions=None, per_day=False
    )

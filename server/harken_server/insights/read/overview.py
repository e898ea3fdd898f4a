"""All numbers of a survey at one moment, for the results page: one read of the counts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.distributions import (
    Distribution,
    distribute,
    distributed_questions,
)
from harken_server.insights.rules.scores import Score, histogram, score_question, scored_questions
from harken_server.insights.rules.trends import Period, TrendPoint, fold_trend, readable_period
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question


class Overview(msgspec.Struct, kw_only=True, frozen=True):
    """Scores, trends and distributions that agree with each other: they stem from one read."""

    period: Period
    scores: tuple[Score, ...]
    trends: tuple[tuple[TrendPoint, ...], ...]
    """One trend for each score, in the same order."""
    distributions: tuple[Distribution, ...]


async def read_overview(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
    *,
    period: Period | None = None,
) -> Overview:
    """Everything that the counts say about `questions`; one SQL statement, counts per day.

    Without a period, the one that reads best over the days found is taken.
    """
    metrics = scored_questions(questions)
    chosen = distributed_questions(questions)
    keys = [question.key for question in (*metrics, *chosen)]
    rows = (
        await read_counts(db, workspace_id, survey_id, selection, questions=keys, per_day=True)
        if keys
        else []
    )
    period = period or readable_period(_span(rows, selection))
    return Overview(
        period=period,
        scores=tuple(score_question(item, histogram(rows, item.key)) for item in metrics),
        trends=tuple(tuple(fold_trend(item, rows, period, selection)) for item in metrics),
        distributions=tuple(found for item in chosen for found in distribute(item, rows)),
    )


def _span(rows: Sequence[CountRow], selection: CountFilter) -> int:
    days = [row.day for row in rows] or [0]
    first = min(days) if selection.from_day is None else selection.from_day
    last = max(days) if selection.to_day is None else selection.to_day
    return last - first + 1

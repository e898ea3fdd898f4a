"""All numbers of a survey at one moment, for the results page: one read of the counts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias
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

VersionReader: TypeAlias = Callable[[int], Awaitable[Sequence[Question]]]
"""The questions of a version of the survey, by its number."""


class Overview(msgspec.Struct, kw_only=True, frozen=True):
    """Scores, trends and distributions that agree with each other: they stem from one read."""

    period: Period
    scores: tuple[Score, ...]
    trends: tuple[tuple[TrendPoint, ...], ...]
    """One trend for each score, in the same order."""
    distributions: tuple[Distribution, ...]
    versions: dict[int, Sequence[Question]]
    """What each version asked that somebody answered, oldest first."""


async def read_overview(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
    *,
    version_of: VersionReader | None = None,
    period: Period | None = None,
) -> Overview:
    """Everything that the counts say about `questions`; one SQL statement, counts per day.

    Without a period, the one that reads best over the days found is taken; without `version_of`
    every version asked and offered what `questions` do.
    """
    metrics = scored_questions(questions)
    chosen = distributed_questions(questions)
    keys = {question.key for question in (*metrics, *chosen)}
    # Of all questions: what only older versions asked tells which versions were answered.
    rows = await read_counts(
        db, workspace_id, survey_id, selection, questions=None, per_day=True, per_version=True
    )
    numbers = sorted({row.version for row in rows}) if version_of else []
    versions = {number: await version_of(number) for number in numbers} if version_of else {}
    period = period or readable_period(
        _span([row for row in rows if row.question in keys], selection)
    )
    return Overview(
        period=period,
        scores=tuple(score_question(item, histogram(rows, item.key)) for item in metrics),
        trends=tuple(tuple(fold_trend(item, rows, period, selection)) for item in metrics),
        distributions=tuple(found for item in chosen for found in distribute(item, rows, versions)),
        versions=versions,
    )


def _span(rows: Sequence[CountRow], selection: CountFilter) -> int:
    days = [row.day for row in rows] or [0]
    first = min(days) if selection.from_day is None else selection.from_day
    last = max(days) if selection.to_day is None else selection.to_day
    return last - first + 1

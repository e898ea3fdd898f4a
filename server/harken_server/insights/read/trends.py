"""The score of one question over time: a point a day, ISO week or month."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.insights.rules.trends import Period, TrendPoint, fold_trend
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import RatingQuestion


async def read_trend(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    question: RatingQuestion,
    selection: CountFilter,
    *,
    period: Period = "week",
) -> list[TrendPoint]:
    """Points from the selection's first day to its last; a period without answers is a gap."""
    rows = await read_counts(
        db, workspace_id, survey_id, selection, questions=[question.key], per_day=True
    )
    return fold_trend(question, rows, period, selection)

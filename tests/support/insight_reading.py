"""Distributions and trends of stored responses, from the counts as the overview reads them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from harken_server.database.database import Database
from harken_server.insights.rules.distributions import (
    Distribution,
    distribute,
    distributed_questions,
)
from harken_server.insights.rules.trends import Period, TrendPoint, days_of, fold_trend
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question, RatingQuestion


async def read_distributions(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
) -> list[Distribution]:
    chosen = distributed_questions(questions)
    keys = [question.key for question in chosen]
    rows = await read_counts(db, workspace_id, survey_id, selection, questions=keys, per_day=False)
    return [found for question in chosen for found in distribute(question, rows)]


async def read_trend(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    question: RatingQuestion,
    selection: CountFilter,
    *,
    period: Period = "week",
) -> list[TrendPoint]:
    rows = await read_counts(
        db, workspace_id, survey_id, selection, questions=[question.key], per_day=True
    )
    return fold_trend(question, days_of(rows), period, selection)

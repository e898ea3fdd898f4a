"""Shares of choices: single and multiple choice, matrix, ranking, consent."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from harken_server.database.database import Database
from harken_server.insights.rules.distributions import (
    Distribution,
    distribute,
    distributed_questions,
)
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question


async def read_distributions(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
) -> list[Distribution]:
    """Distributions of every choosing question among `questions`; one SQL statement."""
    chosen = distributed_questions(questions)
    if not chosen:
        return []
    keys = [question.key for question in chosen]
    rows = await read_counts(db, workspace_id, survey_id, selection, questions=keys, per_day=False)
    return [found for question in chosen for found in distribute(question, rows)]

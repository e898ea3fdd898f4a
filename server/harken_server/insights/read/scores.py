"""Scores of a survey, answered from the counts and never by scanning responses."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from harken_server.database.database import Database
from harken_server.insights.rules.scores import Score, histogram, score_question, scored_questions
from harken_server.insights.store.counts import EVERYBODY, Member, read_counts
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question


async def read_scores(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
    *,
    dimension: Member = EVERYBODY,
) -> list[Score]:
    """One score for each metric question among `questions`, in their order; one SQL statement."""
    metrics = scored_questions(questions)
    if not metrics:
        return []
    keys = [question.key for question in metrics]
    rows = await read_counts(
        db, workspace_id, survey_id, selection, questions=keys, per_day=False, dimension=dimension
    )
    return [score_question(question, histogram(rows, question.key)) for question in metrics]

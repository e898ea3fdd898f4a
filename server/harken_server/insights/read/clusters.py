"""Scores whose intervals know which answers are of one person."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from harken_server.database.database import Database
from harken_server.http.problems import BadRequestError
from harken_server.insights.rules.clusters import clustered_score
from harken_server.insights.rules.estimates import Certainty
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.insights.store.scanned import people_by_ratings
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question


def check_clustered(
    by: str | None, compare: str | None, scores: Sequence[Score], questions: Sequence[Question]
) -> None:
    """BadRequestError for what has no such interval: groups, differences, shares, instruments."""
    rated = {question.key for question in scored_questions(questions)}
    if by is None and compare is None and all(score.question in rated for score in scores):
        return
    raise BadRequestError(
        "repeated=clustered is of the scores of rated questions alone, without by and compare, and "
        "of no choice or instrument; repeated=latest is of all of them.",
        code="bad_parameter",
    )


async def with_clusters(  # noqa: PLR0917  # a place and what is asked of it
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    scores: Sequence[Score],
    selection: CountFilter,
    certainty: Certainty,
) -> list[Score]:
    """The scores of the questions with such intervals; all responses are looked through."""
    rated = {question.key: question for question in scored_questions(questions)}
    found = await people_by_ratings(db, workspace_id, survey_id, selection, list(rated))
    return [
        clustered_score(rated[score.question], score, found.get(score.question, {}), certainty)
        for score in scores
    ]

"""Which ratings are poor: the part of each scale that says a customer is unhappy.

| question | poor |
|---|---|
| NPS | 0 to 6, the detractors |
| CSAT and ratings | the lowest two of five places, on any scale (4 of 11, 1 of 2) |
| CES 2.0 | below the middle: the effort was not low (1 to 3 of 7) |
| CES 1 | above the middle: the effort was high (4 and 5 of 5) |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.types import as_rating

LOWEST_OF_FIVE = 2
LAST_DETRACTOR = 6


def is_poor(question: q.RatingQuestion, rating: int) -> bool:
    """Whether a rating lies in the poor part of its question's scale."""
    low, high = q.scale_of(question)
    match question:
        case q.Nps():
            return rating <= LAST_DETRACTOR
        case q.Csat() | q.Rating():
            places = max(1, (high - low + 1) * LOWEST_OF_FIVE // 5)
            return rating < low + places
        case q.Ces(variant="1"):
            return 2 * rating > low + high
        case q.Ces():
            return 2 * rating < low + high


class Leading(NamedTuple):
    """The rating by which a response is judged: that of the first question rated."""

    question: str
    is_poor: bool


def leading_rating(questions: tuple[q.Question, ...], ratings: Mapping[str, int]) -> Leading | None:
    """The leading rating of a response, by question key; None without a rating."""
    for question in questions:
        rated = as_rating(question)
        if rated is not None and question.key in ratings:
            return Leading(question.key, is_poor(rated, ratings[question.key]))
    return None


def is_poor_response(questions: tuple[q.Question, ...], ratings: Mapping[str, int]) -> bool:
    """Whether the leading rating of a response is poor: that of the first question rated.

    `ratings` are by question key. A response without a rating is not poor.
    """
    leading = leading_rating(questions, ratings)
    return leading is not None and leading.is_poor

"""Which questions of a survey make the number of the instrument that it says it is."""

from __future__ import annotations

from harken_server.surveys.questions.types import as_rating, scale_of, type_of
from harken_server.surveys.survey import Survey

USABILITY_STATEMENTS = 10
DISAPPOINTED = ("very", "somewhat", "not")
"""The choices that the question of product-market fit has at least."""


def usability_statements(survey: Survey) -> list[str]:
    """Keys of the ratings from 1 to 5, in the order asked: the odd ones are positive."""
    return [
        rated.key
        for item in survey.questions
        if type_of(item) == "rating"
        and (rated := as_rating(item)) is not None
        and scale_of(rated) == (1, 5)
    ]


def market_fit_question(survey: Survey) -> str:
    """Key of the first question with the three choices; empty for none."""
    fitting = (
        item.key
        for item in survey.questions
        if item.behaviour.wire == "value" and {*DISAPPOINTED} <= {*item.values()}
    )
    return next(fitting, "")

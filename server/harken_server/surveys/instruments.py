"""Instruments: which questions of a survey make their number, and whether it asks them."""

from __future__ import annotations

from collections.abc import Iterator

from harken_server.kernel.errors import Problem
from harken_server.surveys.files.draft import Draft
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


def check_instrument(draft: Draft) -> Iterator[Problem]:
    """An instrument whose questions are not there; silent while some could not be read."""
    if draft.unread_questions or draft.damaged:
        return
    match draft.survey.instrument:
        case "sus":
            found = len(usability_statements(draft.survey))
            if found != USABILITY_STATEMENTS:
                message = (
                    f"The instrument sus has {USABILITY_STATEMENTS} questions of type rating from "
                    f"1 to 5, in its own order; there are {found}."
                )
                yield _problem(message, USABILITY_STATEMENTS)
        case "product_market_fit":
            if not market_fit_question(draft.survey):
                message = (
                    "The instrument product_market_fit needs a single_choice question with the "
                    f"choices {', '.join(DISAPPOINTED)}."
                )
                yield _problem(message, None)
        case None:
            pass


def _problem(message: str, limit: int | None) -> Problem:
    return Problem("$.instrument", "wrong_instrument", message, limit=limit)

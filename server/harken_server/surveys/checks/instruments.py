"""Whether a survey that says it is an instrument asks what the instrument asks."""

from __future__ import annotations

from collections.abc import Iterator

from harken_server.kernel.errors import Problem
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.instruments import (
    DISAPPOINTED,
    USABILITY_STATEMENTS,
    market_fit_question,
    usability_statements,
)


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

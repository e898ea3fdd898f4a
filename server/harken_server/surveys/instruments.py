"""Instruments: which questions of a survey make their number, and whether it asks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harken_server.kernel.errors import Problem
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.questions.types import as_rating, scale_of, type_of
from harken_server.surveys.survey import Survey


class Statements(NamedTuple):
    """An instrument of ratings on one scale, which together make a person's number."""

    number: int
    low: int
    high: int
    negative: frozenset[int] = frozenset()
    """Places, from 0, of those with which agreement is bad news."""

    @property
    def most_points(self) -> int:
        """Of a person: each statement gives its distance from the worse end of the scale."""
        return self.number * (self.high - self.low)


STATEMENTS = {
    "sus": Statements(10, 1, 5, frozenset({1, 3, 5, 7, 9})),
    "umux": Statements(4, 1, 7, frozenset({1, 3})),
    "umux_lite": Statements(2, 1, 7),
}
DISAPPOINTED = ("very", "somewhat", "not")
"""The choices that the question of product-market fit has at least."""
EXPECTED = ("worse", "same", "better")
"""Those of the question that compares with what was expected."""
CHOICES = {"product_market_fit": DISAPPOINTED, "expectation_match": EXPECTED}


class Statement(NamedTuple):
    """One of them as a survey asks it."""

    question: str
    worst: int
    """The rating that gives no points."""


def statements_of(survey: Survey) -> list[Statement]:
    """The ratings on the instrument's scale, in the order asked; none of another kind."""
    wanted = STATEMENTS.get(survey.instrument or "")
    if wanted is None:
        return []
    rated = [as_rating(item) for item in survey.questions if type_of(item) == "rating"]
    keys = [each.key for each in rated if each and scale_of(each) == (wanted.low, wanted.high)]
    return [
        Statement(key, wanted.high if place in wanted.negative else wanted.low)
        for place, key in enumerate(keys)
    ]


def instrument_question(survey: Survey) -> str:
    """Key of the one question that makes the instrument's number; empty for none."""
    wanted = CHOICES.get(survey.instrument or "")
    fitting = (
        item.key
        for item in survey.questions
        if wanted and item.behaviour.wire == "value" and {*wanted} <= {*item.values()}
    )
    return next(fitting, "")


def check_instrument(draft: Draft) -> Iterator[Problem]:
    """An instrument whose questions are not there; silent while some could not be read."""
    survey = draft.survey
    if draft.unread_questions or draft.damaged or survey.instrument is None:
        return
    wanted = STATEMENTS.get(survey.instrument)
    if wanted is not None:
        found = len(statements_of(survey))
        if found != wanted.number:
            message = (
                f"The instrument {survey.instrument} has {wanted.number} questions of type rating "
                f"from {wanted.low} to {wanted.high}, in its own order; there are {found}."
            )
            yield _problem(message, wanted.number)
    elif not instrument_question(survey):
        choices = ", ".join(CHOICES[survey.instrument])
        message = (
            f"The instrument {survey.instrument} needs a single_choice question with the choices "
            f"{choices}."
        )
        yield _problem(message, None)


def _problem(message: str, limit: int | None) -> Problem:
    return Problem("$.instrument", "wrong_instrument", message, limit=limit)

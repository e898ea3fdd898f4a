"""Operators and values of a comparison that do not fit the question it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import is_calendar_day
from harken_server.surveys.questions import conditions as c
from harken_server.surveys.questions.behaviour import Comparing
from harken_server.surveys.questions.types import Question, as_rating, scale_of, type_of


def operator_problem(
    condition: c.Comparison, question: Question, path: str, owner: str | None
) -> Iterator[Problem]:
    """An operator the question's answers do not have, or values they can never be."""
    if isinstance(condition, c.Answered):
        return
    if _asked(condition) not in question.behaviour.compares:
        op, kind = condition.__struct_config__.tag, type_of(question)
        message = f"`{op}` does not suit `{question.key}`, a question of type {kind}."
        yield Problem(f"{path}.op", "unsuitable_op", message, owner)
        return
    for below, value in _values(condition):
        fault = _fault(value, question)
        if fault is not None:
            yield Problem(f"{path}.{below}", fault[0], fault[1], owner)


def _asked(
    condition: c.AtLeast | c.AtMost | c.Equals | c.NotEquals | c.OneOf | c.Includes,
) -> Comparing:
    match condition:
        case c.AtLeast() | c.AtMost():
            return "order"
        case c.Includes():
            return "membership"
        case c.OneOf():
            return "one_of"
        case c.Equals() | c.NotEquals():
            return "equality"


def _values(condition: c.Comparison) -> Iterator[tuple[str, c.Scalar]]:
    if isinstance(condition, c.OneOf):
        for place, value in enumerate(condition.values):
            yield f"values[{place}]", value
    elif not isinstance(condition, c.Answered):
        yield "value", condition.value


def _fault(value: c.Scalar, question: Question) -> tuple[str, str] | None:
    """Code and message when no answer to the question can be the value."""
    key = question.key
    match question.behaviour.compared_with:
        case "number":
            if isinstance(value, (bool, str)):
                return _wrong_kind(key, "a number")
            rated = as_rating(question)
            low, high = scale_of(rated) if rated is not None else (-inf, inf)
            if not low <= value <= high:
                return "impossible_value", f"`{key}` runs from {low} to {high}."
        case "truth":
            if not isinstance(value, bool):
                return _wrong_kind(key, "true or false")
        case "choice":
            offered = question.values()
            if value not in offered:
                return "unknown_choice", f"`{key}` offers only {', '.join(offered)}."
        case "day":
            if not isinstance(value, str) or not is_calendar_day(value):
                return _wrong_kind(key, "a day written as YYYY-MM-DD")
        case "text":
            if not isinstance(value, str):
                return _wrong_kind(key, "a text")
    return None


def _wrong_kind(key: str, expected: str) -> tuple[str, str]:
    return "wrong_type", f"The answer to `{key}` is compared with {expected}."

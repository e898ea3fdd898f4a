"""Operators and values of a comparison that do not fit the question it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import is_calendar_day
from harken_server.surveys.questions.conditions import (
    Answered,
    AtLeast,
    AtMost,
    Comparison,
    Includes,
    OneOf,
    Scalar,
)
from harken_server.surveys.questions.types import (
    OTHER,
    Ces,
    Consent,
    Csat,
    Date,
    Matrix,
    MultipleChoice,
    Nps,
    Number,
    Question,
    Ranking,
    Rating,
    SingleChoice,
    Statement,
    scale_of,
)

_Group: TypeAlias = Literal["equality", "order", "membership"]

_SUITABLE: dict[type[Question], frozenset[_Group]] = {
    **dict.fromkeys((Nps, Csat, Ces, Rating, Number), frozenset({"equality", "order"})),
    MultipleChoice: frozenset({"equality", "membership"}),
    Ranking: frozenset({"membership"}),
    Statement: frozenset(),
}


def operator_problem(
    condition: Comparison, question: Question, path: str, owner: str | None
) -> Iterator[Problem]:
    """An operator the question's answers do not have, or values they can never be."""
    if isinstance(condition, Answered):
        return
    suitable = _SUITABLE.get(type(question), frozenset({"equality"}))
    is_odd = isinstance(condition, OneOf) and isinstance(question, MultipleChoice)
    if _group(condition) not in suitable or is_odd:
        op, kind = condition.__struct_config__.tag, question.__struct_config__.tag
        message = f"`{op}` does not suit `{question.key}`, a question of type {kind}."
        yield Problem(f"{path}.op", "unsuitable_op", message, owner)
        return
    for below, value in _values(condition):
        fault = _fault(value, question)
        if fault is not None:
            yield Problem(f"{path}.{below}", fault[0], fault[1], owner)


def _group(condition: Comparison) -> _Group:
    if isinstance(condition, (AtLeast, AtMost)):
        return "order"
    return "membership" if isinstance(condition, Includes) else "equality"


def _values(condition: Comparison) -> Iterator[tuple[str, Scalar]]:
    if isinstance(condition, OneOf):
        for place, value in enumerate(condition.values):
            yield f"values[{place}]", value
    elif not isinstance(condition, Answered):
        yield "value", condition.value


def _fault(value: Scalar, question: Question) -> tuple[str, str] | None:
    """Code and message when no answer to the question can be the value."""
    key = question.key
    match question:
        case Nps() | Csat() | Ces() | Rating():
            low, high = scale_of(question)
            if isinstance(value, (bool, str)):
                return _wrong_kind(key, "a number")
            if not low <= value <= high:
                return "impossible_value", f"`{key}` runs from {low} to {high}."
        case Number():
            if isinstance(value, (bool, str)):
                return _wrong_kind(key, "a number")
        case Consent():
            if not isinstance(value, bool):
                return _wrong_kind(key, "true or false")
        case SingleChoice() | MultipleChoice() | Ranking() | Matrix():
            offered = _offered(question)
            if value not in offered:
                return "unknown_choice", f"`{key}` offers only {', '.join(offered)}."
        case Date():
            if not isinstance(value, str) or not is_calendar_day(value):
                return _wrong_kind(key, "a day written as YYYY-MM-DD")
        case _:
            if not isinstance(value, str):
                return _wrong_kind(key, "a text")
    return None


def _wrong_kind(key: str, expected: str) -> tuple[str, str]:
    return "wrong_type", f"The answer to `{key}` is compared with {expected}."


def _offered(question: SingleChoice | MultipleChoice | Ranking | Matrix) -> list[str]:
    if isinstance(question, Matrix):
        return [column.value for column in question.columns]
    offered = [choice.value for choice in question.choices]
    if isinstance(question, MultipleChoice) and question.none is not None:
        offered.append(question.none.value)
    if not isinstance(question, Ranking) and question.other is not None:
        offered.append(OTHER)
    return offered

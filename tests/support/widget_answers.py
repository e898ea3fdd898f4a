"""Which answers can be given in the widget, and what it says of them when the server objects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, assert_never

from rule_cases import Case

from harken_server.channels.page.face.questions import DATE_PATTERN
from harken_server.kernel.formats import MAX_NUMBER, is_calendar_day, is_storable
from harken_server.surveys.questions import types as q

EXOTIC = re.compile("[\x1c-\x1f\x85\ufeff\r]")
"""Blanks that Python and browsers see differently, and the line end that no field gives."""
DAY_FORM = re.compile(DATE_PATTERN)
SAID = {
    "required": "required",
    "consent_required": "required",
    "incomplete": "incomplete",
    "too_few_choices": "too_few_choices",
    "too_many_choices": "too_many_choices",
    "too_long": "too_long",
    "not_whole": "not_whole",
    "wrong_type": "wrong_type",
    "invalid_email": "invalid",
    "invalid_phone": "invalid",
    "invalid_date": "invalid",
}
"""The server's codes that answers given in the widget can lead to, and what they are there."""


def is_producible(questions: Sequence[q.Question], answers: dict[str, Any]) -> bool:
    """Whether the widget can make all these answers, be they right or wrong.

    The server alone judges the others: no field of the widget gives a text for a rating, a choice
    that is not offered, or the thirtieth of February.
    """
    asked = {question.key: question for question in questions}
    return all(key in asked and _fits(asked[key], value) for key, value in answers.items())


def given_answers(questions: Sequence[q.Question], answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as the widget holds them: a consent that is not ticked is no answer."""
    consents = {question.key for question in questions if isinstance(question, q.Consent)}
    return {
        key: value for key, value in answers.items() if key not in consents or value is not False
    }


def said_problems(questions: Sequence[q.Question], case: Case) -> list[list[str]]:
    """What the widget has to say where the server found the case's `problems`.

    It asks visible questions only: of hidden ones the server looks at limits, and the widget sends
    no answer beyond a limit.
    """
    asked = {question.key: question for question in questions}
    return [
        [key, _said(asked[key], case["answers"].get(key), code)]
        for key, code in case["problems"]
        if key in case["visible"]
    ]


def _said(question: q.Question, value: Any, code: str) -> str:
    if code != "out_of_range":
        return SAID[code]
    match question:
        case q.Number(min=low):
            is_low = value < max(-MAX_NUMBER, -MAX_NUMBER if low is None else low)
        case q.Date(earliest=earliest):
            is_low = earliest is not None and value < earliest
        case _:
            raise KeyError(code)
    return "too_low" if is_low else "too_high"


def _fits(question: q.Question, value: Any) -> bool:
    match question:
        case q.RatingBase():
            low, high = q.scale_of(question)
            return type(value) is int and low <= value <= high
        case q.OneChoice() | q.MultipleChoice() | q.Ranking() | q.Matrix():
            return _is_ticked(question, value)
        case q.ShortText() | q.LongText():
            return _is_written(value)
        case q.Number():
            return type(value) in (int, float) or (_is_written(value) and bool(value.strip()))
        case q.Date():
            return _is_written(value) and (is_calendar_day(value) or not DAY_FORM.match(value))
        case q.Email() | q.Phone():
            return _is_written(value) and value == value.strip()
        case q.Consent():
            return type(value) is bool
        case q.Statement():
            return False
        case _:
            assert_never(question)


def _is_written(value: Any) -> bool:
    return isinstance(value, str) and is_storable(value) and not EXOTIC.search(value)


def _is_ticked(
    question: q.OneChoiceQuestion | q.MultipleChoice | q.Ranking | q.Matrix, value: Any
) -> bool:
    match question:
        case q.Matrix():
            rows = {row.value for row in question.rows}
            columns = [column.value for column in question.columns]
            return isinstance(value, dict) and all(
                row in rows and column in columns for row, column in value.items()
            )
        case q.OneChoice():
            return _are_offered(question, [value])
        case q.MultipleChoice() | q.Ranking():
            return isinstance(value, list) and _are_offered(question, value)


def _are_offered(
    question: q.OneChoiceQuestion | q.MultipleChoice | q.Ranking, items: list[Any]
) -> bool:
    """Whether each is an option, none twice, and one that stands alone alone."""
    offered = {choice.value for choice in question.choices}
    if not isinstance(question, q.Ranking) and question.other is not None:
        offered.add(q.OTHER)
        items = [q.OTHER if _is_own(item) else item for item in items]
    if not all(isinstance(item, str) for item in items):
        return False
    alone = question.none if isinstance(question, q.MultipleChoice) else None
    if alone is not None and items == [alone.value]:
        return True
    return offered.issuperset(items) and len(set(items)) == len(items)


def _is_own(item: Any) -> bool:
    """A text of the person's own: the field takes so much, and blank text is not taken as one."""
    if not isinstance(item, dict) or list(item) != [q.OTHER] or not _is_written(item[q.OTHER]):
        return False
    return (
        bool(item[q.OTHER].strip())
        and len(item[q.OTHER].encode("utf-16-le")) // 2 <= q.MAX_SHORT_TEXT
    )

"""Answers as typed rows: the one shape between validation, storage, scores and exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from harken_server.kernel.errors import Problem
from harken_server.surveys.questions.types import OTHER, Question

AnswerValue: TypeAlias = Any
"""An answer as it came on the wire: number, string, boolean, list or map by question type."""


class AnswerRow(NamedTuple):
    """One typed row. Several rows make one answer for multiple choice, matrix and ranking.

    | type | rows | part | filled |
    |---|---|---|---|
    | nps csat ces rating | 1 | "" | rating |
    | single_choice | 1 | "" | choice, text for other |
    | multiple_choice | one a choice | the choice | choice, text for other |
    | matrix | one a row | the row's value | choice (the column's value) |
    | ranking | one a choice | the choice | choice, rating (its place, 1 is best) |
    | short_text long_text email phone date | 1 | "" | text |
    | number | 1 | "" | number |
    | consent | 1 | "" | rating (1 given, 0 refused) |
    """

    question: str
    part: str = ""
    rating: int | None = None
    number: float | None = None
    choice: str | None = None
    text: str | None = None
    is_hidden: bool = False
    """Given to a question that the logic hides: kept, never scored."""


Checker: TypeAlias = Callable[[Any, list[AnswerRow]], "Problem | list[Problem] | None"]
"""Appends the rows of a good value; gives what is wrong with a bad one."""


def answers_from_rows(
    questions: Mapping[str, Question], rows: Iterable[AnswerRow]
) -> tuple[dict[str, AnswerValue], dict[str, AnswerValue]]:
    """The visible and the hidden answers in their wire form, whatever order the rows come in.

    `questions` are those of the version that the response is pinned to; rows of other questions
    are left out. Answers follow the order of the questions, choices the order of the definition
    (those it has no more come last), rankings their places. A number without decimals comes back as
    an integer.
    """
    grouped: dict[str, list[AnswerRow]] = {}
    for row in rows:
        grouped.setdefault(row.question, []).append(row)
    visible: dict[str, AnswerValue] = {}
    hidden: dict[str, AnswerValue] = {}
    for key, question in questions.items():
        own = grouped.get(key)
        if own is not None:
            (hidden if own[0].is_hidden else visible)[key] = _wire_value(question, own)
    return visible, hidden


def _wire_value(question: Question, rows: list[AnswerRow]) -> AnswerValue:
    match question.behaviour.wire:
        case "list":
            return [_plain(row) for row in _in_order(rows, question.parts())]
        case "map":
            return {row.part: row.choice for row in _in_order(rows, question.parts())}
        case "order":
            return [row.choice for row in sorted(rows, key=lambda row: row.rating or 0)]
        case "truth":
            return rows[0].rating == 1
        case "value":
            return _plain(rows[0])


def _plain(row: AnswerRow) -> AnswerValue:
    if row.rating is not None:
        return row.rating
    if row.number is not None:
        return int(row.number) if row.number.is_integer() else row.number
    if row.choice is None:
        return row.text
    return {OTHER: row.text} if row.text is not None else row.choice


def _in_order(rows: list[AnswerRow], order: list[str]) -> list[AnswerRow]:
    places = {value: place for place, value in enumerate(order)}
    return sorted(rows, key=lambda row: (places.get(row.part, len(order)), row.part))

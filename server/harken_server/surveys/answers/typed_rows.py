"""Answers as typed rows: the one shape between validation, storage, scores and exports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.choices import part_values

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


def answers_from_rows(
    questions: Mapping[str, q.Question], rows: Iterable[AnswerRow]
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


def _wire_value(question: q.Question, rows: list[AnswerRow]) -> AnswerValue:
    match question:
        case q.RatingBase():
            return rows[0].rating
        case q.OneChoice() | q.ShortText() | q.LongText() | q.Statement():
            return _wire_choice(rows[0])
        case q.Date() | q.Email() | q.Phone():
            return rows[0].text
        case q.Number():
            number = rows[0].number or 0.0
            return int(number) if number.is_integer() else number
        case q.Consent():
            return rows[0].rating == 1
        case q.MultipleChoice():
            return [_wire_choice(row) for row in _in_order(rows, part_values(question))]
        case q.Matrix():
            return {row.part: row.choice for row in _in_order(rows, part_values(question))}
        case q.Ranking():
            return [row.choice for row in sorted(rows, key=lambda row: row.rating or 0)]


def _wire_choice(row: AnswerRow) -> AnswerValue:
    if row.choice is None:
        return row.text
    return {q.OTHER: row.text} if row.text is not None else row.choice


def _in_order(rows: list[AnswerRow], order: list[str]) -> list[AnswerRow]:
    places = {value: place for place, value in enumerate(order)}
    return sorted(rows, key=lambda row: (places.get(row.part, len(order)), row.part))

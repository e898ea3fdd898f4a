"""The long layout: one row an answer, as pivot tables like them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from harken_server.exports.rules import Column
from harken_server.exports.table import TypedColumn, Value
from harken_server.surveys.questions.base import OTHER
from harken_server.surveys.questions.types import Question

Cells: TypeAlias = tuple[Value, Value, Value, Value]
"""Part, option, number, text."""
LONG_COLUMNS: tuple[TypedColumn, ...] = (
    TypedColumn("question", "choice", "Question", {}),
    TypedColumn("part", "choice", "Row of the question", {}),
    TypedColumn("option", "choice", "What was chosen", {}),
    TypedColumn("value_number", "decimal", "Number", {}),
    TypedColumn("value_text", "text", "Text", {}),
)


class Answer(NamedTuple):
    """A column of the wide layout that answers stand in."""

    place: int
    """In rows of the wide layout."""
    name: str
    """As the row calls the question."""
    cells: Callable[[Value], Cells]


def answers_of(
    columns: Sequence[TypedColumn],
    parts: Mapping[str, Column],
    questions: Mapping[str, Question],
    names: Mapping[str, str],
) -> list[Answer]:
    """Those of the columns that hold answers; `parts` are the questions' columns by name, `names`
    what rows call a question."""
    return [
        _answer(place, parts[column.name], questions, names)
        for place, column in enumerate(columns)
        if column.name in parts
    ]


def long_rows(
    row: Sequence[Value], metadata: Sequence[int], answers: Sequence[Answer]
) -> Iterator[list[Value]]:
    """The rows of a response: what is known of it, then one answer; what is empty has none."""
    known = [row[place] for place in metadata]
    for answer in answers:
        value = row[answer.place]
        if value is not None:
            yield [*known, answer.name, *answer.cells(value)]


def _answer(
    place: int, of: Column, questions: Mapping[str, Question], names: Mapping[str, str]
) -> Answer:
    cells = _cells_of(questions[of.question], of.part)
    return Answer(place, names[of.question], cells)


def _cells_of(question: Question, part: str) -> Callable[[Value], Cells]:
    if part == OTHER:
        return lambda value: (None, OTHER, None, value)
    match question.behaviour.wire:
        case "list" | "order":
            return lambda value: (None, part, _number(value), None)
        case "map":
            return lambda value: (part, value, None, None)
        case "truth":
            return lambda value: (None, None, _number(value), None)
        case "value" if question.behaviour.is_chosen:
            return lambda value: (None, value, None, None)
        case "value":
            return _value


def _value(value: Value) -> Cells:
    if isinstance(value, str | date):
        return None, None, None, str(value)
    return None, None, _number(value), None


def _number(value: Value) -> Value:
    return int(value) if isinstance(value, bool) else value

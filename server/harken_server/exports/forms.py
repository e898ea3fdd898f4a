"""Which columns a question has in a file, and how an answer to it becomes their cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple, TypeAlias

from harken_server.exports.numbers import number_text
from harken_server.surveys.answers.typed_rows import AnswerValue
from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.choices import offered_values

Cell: TypeAlias = tuple[str, str]
"""A part of a question, and what stands in its column."""
Quote: TypeAlias = Callable[[str], str]
"""Makes the cell of a text."""


class Form(NamedTuple):
    """The columns of a question, and their cells."""

    parts: Sequence[str]
    """One a column; empty for the column that is named like the question."""
    cells: Callable[[AnswerValue, Collection[str], Quote], Iterable[Cell]]
    """From an answer in its wire form, and every part that the question ever had."""


def form_of(question: q.Question) -> Form:
    """The form of the question's answers."""
    match question:
        case q.RatingBase() | q.Consent():
            return Form([""], _whole)
        case q.Number():
            return Form([""], _number)
        case q.ShortText() | q.LongText() | q.Email() | q.Phone() | q.Date():
            return Form([""], _text)
        case q.OneChoice():
            return Form([""] if question.other is None else ["", q.OTHER], _choice)
        case q.MultipleChoice():
            return Form(offered_values(question), _flags)
        case q.Matrix():
            return Form([row.value for row in question.rows], _choices_of_rows)
        case q.Ranking():
            return Form([choice.value for choice in question.choices], _places)
        case q.Statement():
            return Form([], _text)


def _whole(value: AnswerValue, _: Collection[str], __: Quote) -> Iterable[Cell]:
    return [("", str(int(value)))]


def _number(value: AnswerValue, _: Collection[str], __: Quote) -> Iterable[Cell]:
    return [("", number_text(float(value)))]


def _text(value: AnswerValue, _: Collection[str], quote: Quote) -> Iterable[Cell]:
    return [("", quote(value))]


def _choice(value: AnswerValue, _: Collection[str], quote: Quote) -> Iterable[Cell]:
    if isinstance(value, str):
        return [("", quote(value))]
    return [("", quote(q.OTHER)), (q.OTHER, quote(value[q.OTHER]))]


def _flags(value: AnswerValue, parts: Collection[str], quote: Quote) -> Iterable[Cell]:
    """1 chosen, 0 not chosen; empty only where the question was not answered."""
    for part in parts:
        if part != q.OTHER:
            yield part, "0"
    for choice in value:
        if isinstance(choice, str):
            yield choice, "1"
        else:
            yield q.OTHER, quote(choice[q.OTHER])


def _choices_of_rows(value: AnswerValue, _: Collection[str], quote: Quote) -> Iterable[Cell]:
    return [(row, quote(column)) for row, column in value.items()]


def _places(value: AnswerValue, _: Collection[str], __: Quote) -> Iterable[Cell]:
    return [(choice, str(place)) for place, choice in enumerate(value, 1)]

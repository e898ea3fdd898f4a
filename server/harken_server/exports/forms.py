"""How an answer becomes the cells of its question's columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeAlias

from harken_server.kernel.numbers import number_text
from harken_server.surveys.answers.typed_rows import AnswerValue
from harken_server.surveys.questions.base import OTHER
from harken_server.surveys.questions.types import Question

Cell: TypeAlias = tuple[str, str]
"""A part of a question, and what stands in its column."""
Quote: TypeAlias = Callable[[str], str]
"""Makes the cell of a text."""
Form: TypeAlias = Callable[[AnswerValue, Collection[str], Quote], Iterable[Cell]]
"""From an answer in its wire form, and every part that the question ever had, to its cells."""


def form_of(question: Question) -> Form:
    """The form of the question's answers."""
    match question.behaviour.wire:
        case "value":
            return _value
        case "truth":
            return _truth
        case "list":
            return _flags
        case "map":
            return _choices_of_rows
        case "order":
            return _places


def _value(value: AnswerValue, _: Collection[str], quote: Quote) -> Iterable[Cell]:
    if isinstance(value, str):
        return [("", quote(value))]
    if isinstance(value, int | float):
        return [("", number_text(float(value)))]
    return [("", quote(OTHER)), (OTHER, quote(value[OTHER]))]


def _truth(value: AnswerValue, _: Collection[str], __: Quote) -> Iterable[Cell]:
    return [("", "1" if value else "0")]


def _flags(value: AnswerValue, parts: Collection[str], quote: Quote) -> Iterable[Cell]:
    """1 chosen, 0 not chosen; empty only where the question was not answered."""
    for part in parts:
        if part != OTHER:
            yield part, "0"
    for choice in value:
        if isinstance(choice, str):
            yield choice, "1"
        else:
            yield OTHER, quote(choice[OTHER])


def _choices_of_rows(value: AnswerValue, _: Collection[str], quote: Quote) -> Iterable[Cell]:
    return [(row, quote(column)) for row, column in value.items()]


def _places(value: AnswerValue, _: Collection[str], __: Quote) -> Iterable[Cell]:
    return [(choice, str(place)) for place, choice in enumerate(value, 1)]

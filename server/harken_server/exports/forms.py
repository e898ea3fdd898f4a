"""How the stored answer of a question becomes the cells of its columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from harken_server.kernel.numbers import number_text
from harken_server.surveys.answers.typed_rows import Sections
from harken_server.surveys.questions.base import OTHER
from harken_server.surveys.questions.types import Question

T = TypeVar("T")
Quote: TypeAlias = Callable[[str], str]
"""Makes the cell of a text."""
Fill: TypeAlias = Callable[[Sections, list[T]], None]
"""Writes the answer to a question, where there is one, into the cells of a line."""


class Spelling(NamedTuple, Generic[T]):
    """What cells are made of: texts in a file of text, values in a typed one."""

    blank: T
    """Of no answer."""
    text: Callable[[str], T]
    day: Callable[[str], T]
    whole: Callable[[int], T]
    number: Callable[[float], T]
    truth: Callable[[bool], T]
    wordless: T
    """Of a choice with a text of one's own, without one."""


def written(quote: Quote) -> Spelling[str]:
    """Numbers bare, truths as 1 and 0."""
    return Spelling("", quote, quote, str, number_text, _truth_text, "1")


def form_of(
    question: Question, places: Mapping[str, int], spelling: Spelling[T], offered: Collection[str]
) -> Fill[T]:
    """How the question's answers fill its columns.

    `places` has that of each part it ever had; `offered` are those of one version.
    """
    match question.behaviour.wire:
        case "value":
            is_day = question.behaviour.compared_with == "day"
            return _value(question.key, places, spelling, spelling.day if is_day else spelling.text)
        case "truth":
            return _truth(question.key, places, spelling.truth)
        case "list":
            return _flags(question.key, places, spelling, offered)
        case "map":
            return _choices_of_rows(question.key, places, spelling.text)
        case "order":
            return _places(question.key, places, spelling.whole)


def _value(
    key: str, places: Mapping[str, int], spelling: Spelling[T], quote: Callable[[str], T]
) -> Fill[T]:
    place, own_words = places[""], places.get(OTHER)
    whole, number = spelling.whole, spelling.number

    def fill(said: Sections, cells: list[T]) -> None:
        if key in said.ratings:
            cells[place] = whole(said.ratings[key])
        elif key in said.numbers:
            cells[place] = number(said.numbers[key] + 0.0)  # -0.0 becomes 0.0
        elif key not in said.choices:
            if key in said.texts:
                cells[place] = quote(said.texts[key])
        elif own_words is None or key not in said.texts:
            cells[place] = quote(said.choices[key])
        else:
            cells[place], cells[own_words] = quote(OTHER), quote(said.texts[key])

    return fill


def _truth(key: str, places: Mapping[str, int], truth: Callable[[bool], T]) -> Fill[T]:
    place = places[""]

    def fill(said: Sections, cells: list[T]) -> None:
        if key in said.ratings:
            cells[place] = truth(said.ratings[key] == 1)

    return fill


def _flags(
    key: str, places: Mapping[str, int], spelling: Spelling[T], offered: Collection[str]
) -> Fill[T]:
    """1 chosen, 0 not chosen; empty where it was not offered or the question not answered."""
    names = _names(key, places)
    quote, no = spelling.text, spelling.truth(False)
    chosen_cells = {
        name: spelling.wordless if name == f"{key}.{OTHER}" else spelling.truth(True)
        for name in names
    }
    zeros = [places[part] for part in places if part in offered and part != OTHER]

    def fill(said: Sections, cells: list[T]) -> None:
        chosen = said.choices.keys() & names.keys()
        if not chosen:
            return
        for place in zeros:
            cells[place] = no
        for name in chosen:
            cells[names[name]] = (
                quote(said.texts[name]) if name in said.texts else chosen_cells[name]
            )

    return fill


def _choices_of_rows(key: str, places: Mapping[str, int], quote: Callable[[str], T]) -> Fill[T]:
    names = _names(key, places)

    def fill(said: Sections, cells: list[T]) -> None:
        for name in said.choices.keys() & names.keys():
            cells[names[name]] = quote(said.choices[name])

    return fill


def _places(key: str, places: Mapping[str, int], whole: Callable[[int], T]) -> Fill[T]:
    names = _names(key, places)

    def fill(said: Sections, cells: list[T]) -> None:
        for name in said.ratings.keys() & names.keys():
            cells[names[name]] = whole(said.ratings[name])

    return fill


def _truth_text(truth: bool) -> str:
    return "1" if truth else "0"


def _names(key: str, places: Mapping[str, int]) -> dict[str, int]:
    """Places by the names that parts have in documents."""
    return {f"{key}.{part}": place for part, place in places.items()}

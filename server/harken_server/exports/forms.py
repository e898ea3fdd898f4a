"""How the stored answer of a question becomes the cells of its columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from harken_server.kernel.numbers import number_text
from harken_server.surveys.answers.typed_rows import Sections
from harken_server.surveys.questions.base import OTHER
from harken_server.surveys.questions.types import Question

Quote: TypeAlias = Callable[[str], str]
"""Makes the cell of a text."""
Fill: TypeAlias = Callable[[Sections, list[str]], None]
"""Writes the answer to a question, where there is one, into the cells of a line."""


def form_of(
    question: Question, places: Mapping[str, int], quote: Quote, offered: Collection[str]
) -> Fill:
    """How the question's answers fill its columns.

    `places` has that of each part it ever had; `offered` are those of one version.
    """
    match question.behaviour.wire:
        case "value":
            return _value(question.key, places, quote)
        case "truth":
            return _truth(question.key, places)
        case "list":
            return _flags(question.key, places, quote, offered)
        case "map":
            return _choices_of_rows(question.key, places, quote)
        case "order":
            return _places(question.key, places)


def _value(key: str, places: Mapping[str, int], quote: Quote) -> Fill:
    place, own_words = places[""], places.get(OTHER)

    def fill(said: Sections, cells: list[str]) -> None:
        if key in said.ratings:
            cells[place] = str(said.ratings[key])
        elif key in said.numbers:
            cells[place] = number_text(said.numbers[key] + 0.0)  # -0.0 becomes 0.0
        elif key not in said.choices:
            if key in said.texts:
                cells[place] = quote(said.texts[key])
        elif own_words is None or key not in said.texts:
            cells[place] = quote(said.choices[key])
        else:
            cells[place], cells[own_words] = quote(OTHER), quote(said.texts[key])

    return fill


def _truth(key: str, places: Mapping[str, int]) -> Fill:
    place = places[""]

    def fill(said: Sections, cells: list[str]) -> None:
        if key in said.ratings:
            cells[place] = "1" if said.ratings[key] == 1 else "0"

    return fill


def _flags(key: str, places: Mapping[str, int], quote: Quote, offered: Collection[str]) -> Fill:
    """1 chosen, 0 not chosen; empty where it was not offered or the question not answered."""
    names = _names(key, places)
    zeros = [places[part] for part in places if part in offered and part != OTHER]

    def fill(said: Sections, cells: list[str]) -> None:
        chosen = said.choices.keys() & names.keys()
        if not chosen:
            return
        for place in zeros:
            cells[place] = "0"
        for name in chosen:
            cells[names[name]] = quote(said.texts[name]) if name in said.texts else "1"

    return fill


def _choices_of_rows(key: str, places: Mapping[str, int], quote: Quote) -> Fill:
    names = _names(key, places)

    def fill(said: Sections, cells: list[str]) -> None:
        for name in said.choices.keys() & names.keys():
            cells[names[name]] = quote(said.choices[name])

    return fill


def _places(key: str, places: Mapping[str, int]) -> Fill:
    names = _names(key, places)

    def fill(said: Sections, cells: list[str]) -> None:
        for name in said.ratings.keys() & names.keys():
            cells[names[name]] = str(said.ratings[name])

    return fill


def _names(key: str, places: Mapping[str, int]) -> dict[str, int]:
    """Places by the names that parts have in documents."""
    return {f"{key}.{part}": place for part, place in places.items()}

"""Answers as typed rows: the one shape between validation, storage, scores and exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import msgspec

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


class Sections(msgspec.Struct, omit_defaults=True):
    """Answers by `question` or `question.part`, and as the document that is stored of them."""

    ratings: dict[str, int] = msgspec.field(default={}, name="r")
    numbers: dict[str, float] = msgspec.field(default={}, name="n")
    choices: dict[str, str] = msgspec.field(default={}, name="c")
    texts: dict[str, str] = msgspec.field(default={}, name="t")
    hidden: list[str] = msgspec.field(default=[], name="h")
    """Questions that the logic hides."""

    def chosen(self, name: str) -> AnswerValue:
        """A choice, a text, or a choice with a text of one's own; None when there is none."""
        choice = self.choices.get(name)
        if choice is None:
            return self.texts.get(name)
        return {OTHER: self.texts[name]} if name in self.texts else choice

    def plain(self, name: str) -> AnswerValue:
        """Whatever single value there is; a number without decimals as an integer."""
        if name in self.ratings:
            return self.ratings[name]
        number = self.numbers.get(name)
        if number is None:
            return self.chosen(name)
        return int(number) if number.is_integer() else number


def answers_from_rows(
    questions: Mapping[str, Question], rows: Iterable[AnswerRow]
) -> tuple[dict[str, AnswerValue], dict[str, AnswerValue]]:
    """The visible and the hidden answers of rows in their wire form; see `wire_answers`."""
    said = Sections()
    for question, part, rating, number, choice, text, is_hidden in rows:
        name = f"{question}.{part}" if part else question
        if rating is not None:
            said.ratings[name] = rating
        if number is not None:
            said.numbers[name] = number
        if choice is not None:
            said.choices[name] = choice
        if text is not None:
            said.texts[name] = text
        if is_hidden:
            said.hidden.append(question)
    return wire_answers(questions, said)


def wire_answers(
    questions: Mapping[str, Question], said: Sections
) -> tuple[dict[str, AnswerValue], dict[str, AnswerValue]]:
    """The visible and the hidden answers in their wire form.

    `questions` are those of the version that the response is pinned to; answers to others are left
    out. Answers follow the order of the questions, choices the order of the definition (those it
    has no more come last), rankings their places.
    """
    parts: dict[str, list[str]] = {}
    for name in said.choices:
        if "." in name:
            question, _, part = name.partition(".")
            parts.setdefault(question, []).append(part)
    visible: dict[str, AnswerValue] = {}
    hidden: dict[str, AnswerValue] = {}
    for key, question in questions.items():
        answer = _wire_value(key, question, parts.get(key), said)
        if answer is not None:
            (hidden if key in said.hidden else visible)[key] = answer
    return visible, hidden


def _wire_value(
    key: str, question: Question, parts: list[str] | None, said: Sections
) -> AnswerValue:
    """None when the question was not answered."""
    wire = question.behaviour.wire
    if wire == "value":
        return said.plain(key)
    if wire == "truth":
        return None if key not in said.ratings else said.ratings[key] == 1
    if parts is None:
        return None
    match wire:
        case "list":
            return [said.chosen(f"{key}.{part}") for part in _in_order(parts, question)]
        case "map":
            return {part: said.choices[f"{key}.{part}"] for part in _in_order(parts, question)}
        case "order":
            return sorted(parts, key=lambda part: said.ratings.get(f"{key}.{part}", 0))


def _in_order(parts: list[str], question: Question) -> list[str]:
    order = question.parts()
    places = {value: place for place, value in enumerate(order)}
    return sorted(parts, key=lambda part: (places.get(part, len(order)), part))

"""What all question types have in common.

What a type does alike everywhere, it says itself: its `behaviour`, and the methods of `Plain`. None
of that stands in `QuestionBase`, so that the type check names what a new type does not say.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import Annotated, Literal, NamedTuple, TypeAlias

import msgspec

from harken_server.kernel.documents.canonical import FilePart
from harken_server.surveys.questions.conditions import Condition
from harken_server.surveys.texts import LocalText

KEY_PATTERN = r"^[a-z][a-z0-9_]{0,31}(?!\n)$"
"""Question, ending and context keys: they also name spreadsheet and SPSS columns."""
VALUE_PATTERN = r"^[a-z0-9][a-z0-9_]{0,29}(?!\n)$"
"""Stored values of choices and matrix rows; `key__value` stays within 64 characters."""
OTHER = "other"
"""The stored value of the free-text choice; no ordinary choice may use it."""
END = "end"
"""Jump target meaning: go to the ending. `end:key` names a particular one."""

Key: TypeAlias = Annotated[str, msgspec.Meta(pattern=KEY_PATTERN, max_length=32)]
Value: TypeAlias = Annotated[str, msgspec.Meta(pattern=VALUE_PATTERN, max_length=30)]
Columns: TypeAlias = Iterator[str]
"""Columns of an export: the part of the answer in each, empty for the answer as a whole."""

Comparing: TypeAlias = Literal["equality", "one_of", "order", "membership"]
Style: TypeAlias = Literal["number", "star", "smiley", "thumbs"]


class Says(Enum):
    """What a field says of a question, and so what a change to it means for the answers."""

    NAME = auto()
    """Which question it is."""
    TEXT = auto()
    """Words that people read; every field that holds a text, unless it is marked otherwise."""
    ENTRIES = auto()
    """Things to choose or to judge; every field that holds a list of choices."""
    LOGIC = auto()
    """Who is asked."""
    APPEARANCE = auto()
    """How the question is drawn."""
    LEAST = auto()
    """No answer is less."""
    MOST = auto()
    """No answer is more."""
    COUNT = auto()
    """An answer has exactly as many entries, or every one when it is None."""
    DEMAND = auto()
    """What an answer must be when it is true."""
    SCALE = auto()
    """One of the fields that the scale of a rating follows from."""
    OFFER = auto()
    """Something more to choose, which may be left away."""


class Jump(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """After this question, go on at a later question or an ending when the condition holds."""

    to: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    when: Condition | None = None
    """None means always."""


class Choice(FilePart, kw_only=True, frozen=True):
    """One thing to choose: the stored value and the shown label."""

    value: Value
    label: LocalText


class QuestionBase(FilePart, kw_only=True, frozen=True, tag_field="type"):
    """What every question has in common."""

    key: Annotated[Key, Says.NAME]
    text: LocalText
    help: LocalText | None = None
    required: Annotated[bool, Says.DEMAND] = False
    show_if: Annotated[Condition | None, Says.LOGIC] = None
    jumps: Annotated[tuple[Jump, ...], msgspec.Meta(max_length=20), Says.LOGIC] = ()

    @property
    def asks_employees(self) -> bool:
        """Whether it asks people about the place where they work."""
        return False


class Plain(QuestionBase, kw_only=True, frozen=True, omit_defaults=True):
    """A question with one value for an answer: no parts, nothing to choose, no limits to break."""

    def parts(self) -> list[str]:
        """The parts that an answer is listed in, in this order; none for one without an order."""
        return []

    def values(self) -> list[str]:
        """The stored values that can be chosen, in a row of it where there are rows."""
        return []

    def labels(self) -> dict[str, LocalText]:
        """What each stored value means, in the order shown."""
        return {}

    def part_labels(self) -> dict[str, LocalText]:
        """What it has a column each for, where it has several."""
        return {}

    def fully_named(self) -> str | None:
        """The field of which a whole answer names every entry."""
        return None

    def broken_limits(self) -> Iterator[BrokenLimit]:
        """Limits that contradict each other."""
        yield from ()


class Behaviour(NamedTuple):
    """What is alike for all questions of a type; nothing has a default."""

    takes_answer: bool
    """False for a text that only stands between questions."""
    wire: Literal["value", "truth", "list", "map", "order"]
    """One value; one of two; several values; a value for each row; values, best first."""
    compares: frozenset[Comparing]
    """What conditions may ask of an answer; of a matrix, of one of its rows."""
    compared_with: Literal["number", "truth", "choice", "day", "phone", "text"]
    """What conditions hold an answer against."""
    fills_texts: bool
    """Whether the answer has a short form that can stand in a later text."""
    has_parts: bool
    """Whether exports give it columns of its own form `key__part`."""
    is_chosen: bool
    """Whether the results show what share of the people chose what."""
    is_comment: bool
    """Whether the results list its answers as what people said."""
    is_at_length: bool
    """Whether people say it in several sentences of their own, which no two of them do alike."""
    is_one_press: bool
    """Whether one link in a mail can answer it."""
    is_one_key: bool
    """Whether one of a list of keys answers it by message or keypad."""
    replies: Literal["all", "text", "none"]
    """Whether it is answered by message and keypad, by message only, or on a page only."""


class BrokenLimit(NamedTuple):
    """A limit of a question that no answer can meet, or that is none."""

    field: str
    message: str
    limit: int | float | str | None
    code: str = "impossible_limit"


EQUAL: frozenset[Comparing] = frozenset({"equality", "one_of"})
SILENT = Behaviour(
    takes_answer=False,
    wire="value",
    compares=frozenset(),
    compared_with="text",
    fills_texts=False,
    has_parts=False,
    is_chosen=False,
    is_comment=False,
    is_at_length=False,
    is_one_press=False,
    is_one_key=False,
    replies="none",
)
"""Of a text without an answer; each other type says in what it differs."""

"""How a question type behaves wherever it is met: what each type says of itself."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Comparing: TypeAlias = Literal["equality", "one_of", "order", "membership"]
Style: TypeAlias = Literal["number", "star", "smiley", "thumbs"]


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
    is_one_press=False,
    is_one_key=False,
    replies="none",
)
"""Of a text without an answer; each other type says in what it differs."""

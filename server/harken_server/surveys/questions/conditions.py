"""The typed expression tree behind show-if and jumps. There are no code strings.

An operand is an earlier answer (`answer: recommend`, for a matrix with `row: speed`) or a value of
the context given by the host application (`context: store`). A missing operand makes every
comparison false, `not_equals` included; `answered` and `not` are the ways to ask for absence.

Texts are the same without regard to capital and small letters, to blanks around and to how many
blanks stand between words, and to which of several Unicode forms a keyboard gives: a telephone
begins with a capital letter and ends with a blank.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, TypeAlias

import msgspec

from harken_server.kernel.documents.canonical import FilePart


def folded(text: str) -> str:
    """A text as conditions compare it; JavaScript can make the same of it.

    >>> folded("  New   YORK ")
    'new york'
    """
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


Scalar: TypeAlias = str | int | float | bool
MAX_DEPTH = 8
"""Deepest nesting of `all`, `any` and `not` that a definition may use."""


class Operand(FilePart, kw_only=True, frozen=True):
    """What a comparison looks at: exactly one of `answer` or `context`."""

    answer: str | None = None
    row: str | None = None
    context: str | None = None


class Equals(Operand, tag_field="op", tag="equals", kw_only=True, frozen=True):
    """True when the operand is the value; for a multiple choice, when it is the only choice."""

    value: Scalar


class NotEquals(Operand, tag_field="op", tag="not_equals", kw_only=True, frozen=True):
    """True when the operand was given and is another value."""

    value: Scalar


class AtLeast(Operand, tag_field="op", tag="at_least", kw_only=True, frozen=True):
    """True when the operand is a number and not below the value."""

    value: int | float


class AtMost(Operand, tag_field="op", tag="at_most", kw_only=True, frozen=True):
    """True when the operand is a number and not above the value."""

    value: int | float


class OneOf(Operand, tag_field="op", tag="one_of", kw_only=True, frozen=True):
    """True when the operand is among the values."""

    values: Annotated[tuple[Scalar, ...], msgspec.Meta(min_length=1, max_length=100)]


class Includes(Operand, tag_field="op", tag="includes", kw_only=True, frozen=True):
    """True when a multiple choice or ranking answer contains the choice."""

    value: str


class Answered(Operand, tag_field="op", tag="answered", kw_only=True, frozen=True):
    """True when the operand was given at all."""


class All(FilePart, tag_field="op", tag="all", kw_only=True, frozen=True):
    """True when every condition is true."""

    of: Annotated[tuple[Condition, ...], msgspec.Meta(min_length=1, max_length=20)]


class AnyOf(FilePart, tag_field="op", tag="any", kw_only=True, frozen=True):
    """True when at least one condition is true."""

    of: Annotated[tuple[Condition, ...], msgspec.Meta(min_length=1, max_length=20)]


class Not(FilePart, tag_field="op", tag="not", kw_only=True, frozen=True):
    """True when the condition is false."""

    of: Condition


Comparison: TypeAlias = Equals | NotEquals | AtLeast | AtMost | OneOf | Includes | Answered
Condition: TypeAlias = Comparison | All | AnyOf | Not

"""What is said where answers are there and not shown: that is not the same as no answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec


class Hidden(msgspec.Struct, frozen=True):
    """Some answers are not among these numbers."""

    reason: Literal["fewer_than_minimum"]
    """They wait until `minimum` can be shown together, of a group or of all."""
    minimum: int
    """How many people's answers are shown together at least."""


def hidden_where(
    minimum: int, *, waiting: int, n: int = 0, of_groups: Sequence[int] = ()
) -> Hidden | None:
    """What is said beside numbers of `n` answers, and of so many of each named group of them.

    None where nothing is hidden; `minimum` is 0 for a survey that shows each answer.
    """
    is_blended = bool(of_groups) and sum(of_groups) < n
    if not minimum or not (waiting or is_blended):
        return None
    return Hidden("fewer_than_minimum", minimum)


def say_hidden(hidden: Hidden) -> str:
    """The reason, for people."""
    return f"Hidden: fewer than {hidden.minimum} answers"

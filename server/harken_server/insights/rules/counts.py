"""What scores are made of."""

from __future__ import annotations

import msgspec


class CountRow(msgspec.Struct, frozen=True):
    """How many visible answers share a value.

    With empty part and value it is a base: how many people answered a question of several parts.
    """

    question: str
    part: str
    value: str
    n: int
    day: int = 0
    """Filled only when counts are asked per day."""
    version: int = 0
    """Filled only when counts are asked per version of the survey."""

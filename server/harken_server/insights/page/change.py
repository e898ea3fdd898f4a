"""One thing that moved, as the page tells it."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from harken_server.insights.rules.figures import show_number
from harken_server.insights.rules.scores import Score, Unit

Kind: TypeAlias = Literal["good", "bad"]
_DECIMALS: dict[Unit, int] = {"points": 0, "percent": 0, "mean": 2, "index": 1}
_WORDS: dict[Unit, str] = {
    "points": " points", "percent": " percentage points", "mean": "", "index": "",
}  # fmt: skip


class Change(msgspec.Struct, kw_only=True, frozen=True):
    """One thing that moved."""

    title: str
    detail: str
    chance: str
    arrow: str
    kind: Kind
    href: str
    p: float
    reason: str = ""
    """What moved with it, and so may be why."""
    is_standout: bool = False


def kind_of(by: float, score: Score) -> Kind:
    """Whether it is good that the score is that much higher."""
    return "good" if (by > 0) == (score.direction == "higher_is_better") else "bad"


def verb(by: float) -> str:
    """What a score did.

    >>> verb(-3)
    'fell'
    """
    return "rose" if by > 0 else "fell"


def say_apart(by: float, low: float, high: float, unit: Unit) -> str:
    """How far one score is from another, and between which ends.

    >>> say_apart(-8.2, -13.4, -3, "points")
    '8 points lower (3 to 13)'
    """
    near, far = sorted((abs(low), abs(high)))
    size, *ends = (show_number(each, _DECIMALS[unit]) for each in (abs(by), near, far))
    word = _WORDS[unit].removesuffix("s") if size == "1" else _WORDS[unit]
    return f"{size}{word} {'higher' if by > 0 else 'lower'} ({ends[0]} to {ends[1]})"

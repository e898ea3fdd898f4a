"""How rare so few or so many are: exact of few answers, by saddlepoint of many."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import exp, lgamma, log, pi, sqrt
from statistics import NormalDist

from harken_server.insights.rules.probability import beta_share

EXACT_UP_TO = 30
_NORMAL = NormalDist()


def binomial_tail(hits: int, n: int, share: float) -> float:
    """Chance of at least so many hits among n, where `share` is usual.

    >>> round(binomial_tail(4, 5, 0.2), 4)
    0.0067
    """
    return 1.0 if hits <= 0 else beta_share(share, hits, n - hits + 1)


def poisson_tail(count: int, usual: float) -> float:
    """Chance of at least so many events where so many are usual.

    >>> round(poisson_tail(5, 1.5), 4)
    0.0186
    """
    below = sum(exp(each * log(usual) - usual - lgamma(each + 1)) for each in range(count))
    return max(0.0, 1 - below)


def mean_tail(usual: Mapping[float, float], n: int, mean: float) -> float:
    """Chance that n answers have a mean at least as far out, on its side; `usual` are shares.

    Exact up to 30 answers, by adding up all that can be; beyond that by the saddlepoint of
    Lugannani, Rice 1980, Advances in Applied Probability 12(2), 475-490.

    >>> round(mean_tail({0.0: 0.8, 100.0: 0.2}, 5, 80.0), 4)
    0.0067
    """
    centre = sum(value * share for value, share in usual.items())
    if mean == centre:
        return 1.0
    turned = usual if mean > centre else {-value: share for value, share in usual.items()}
    far = abs(mean - centre) + (centre if mean > centre else -centre)
    if n <= EXACT_UP_TO:
        return _exact(turned, n, far)
    return _saddlepoint(turned, n, far - _least_step(turned) / (2 * n))


def _exact(usual: Mapping[float, float], n: int, mean: float) -> float:
    sums: dict[float, float] = {0.0: 1.0}
    for _ in range(n):
        longer: dict[float, float] = {}
        for total, chance in sums.items():
            for value, share in usual.items():
                longer[total + value] = longer.get(total + value, 0.0) + chance * share
        sums = longer
    least = n * mean - 1e-6
    return min(1.0, sum(chance for total, chance in sums.items() if total >= least))


def _least_step(usual: Mapping[float, float]) -> float:
    """Between two values: a sum goes by steps, of which half is taken off (Daniels 1987)."""
    values = sorted(usual)
    return min((high - low for low, high in pairwise(values)), default=0.0)


def _saddlepoint(usual: Mapping[float, float], n: int, mean: float) -> float:
    """Of the upper tail; in units of the largest distance, so that nothing overflows."""
    unit = max(abs(value - mean) for value in usual) or 1.0
    shares = {(value - mean) / unit: share for value, share in usual.items()}
    tilt = _tilt(shares)
    weights = {value: share * exp(tilt * value) for value, share in shares.items()}
    whole = sum(weights.values())
    variance = sum(value * value * weight for value, weight in weights.items()) / whole
    rate = -n * log(whole)
    if rate < 1e-9:
        return 0.5
    w, u = sqrt(2 * rate), tilt * sqrt(n * variance)
    density = exp(-rate) / sqrt(2 * pi)
    return min(1.0, max(0.0, _NORMAL.cdf(-w) + density * (1 / u - 1 / w)))


def _tilt(shares: Mapping[float, float]) -> float:
    """Where the tilted mean is 0: the derivative rises with the tilt, so by halves."""
    low, high = 0.0, 1.0
    while _slope(shares, high) < 0 and high < 500:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        if _slope(shares, middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _slope(shares: Mapping[float, float], tilt: float) -> float:
    return sum(value * share * exp(tilt * value) for value, share in shares.items())

"""Quantiles and tails of the normal, Student's t and beta distributions, to 1e-9 or better."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
_PRECISE = 1e-15
_TINY = 1e-300
_MOST_STEPS = 1_000


def normal_quantile(share: float) -> float:
    """The value below which this share of a standard normal lies; `share` between 0 and 1.

    >>> round(normal_quantile(0.975), 6)
    1.959964
    """
    return _NORMAL.inv_cdf(share)


def two_sided(z: float) -> float:
    """Chance that a standard normal is at least as far from 0 as `z`: the p-value of a z-test.

    >>> round(two_sided(1.959964), 4), two_sided(0)
    (0.05, 1.0)
    """
    return 2 * _NORMAL.cdf(-abs(z))


def beta_share(x: float, a: float, b: float) -> float:
    """Share of the beta distribution with shapes `a` and `b` that lies below `x`.

    The regularised incomplete beta function, by its continued fraction: DLMF 8.17.22, evaluated
    by the method of Lentz (1976, Applied Optics 15(3)).
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front * _fraction(x, a, b) / a


def beta_quantile(share: float, a: float, b: float) -> float:
    """The value below which this share of a beta distribution lies.

    >>> round(beta_quantile(0.5, 2, 2), 6)
    0.5
    """
    return _solve(lambda x: beta_share(x, a, b) - share, 0.0, 1.0)


def student_quantile(share: float, freedom: float) -> float:
    """The value below which this share of Student's t with so many degrees of freedom lies.

    From t² = n·(1 - x)/x, where x has the beta distribution with shapes n/2 and 1/2 (DLMF 8.17)
    and n is `freedom`.

    >>> round(student_quantile(0.975, 9), 4)
    2.2622
    """
    if share < 0.5:
        return -student_quantile(1 - share, freedom)
    x = beta_quantile(2 * (1 - share), freedom / 2, 0.5)
    return sqrt(freedom * (1 - x) / x)


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's evaluation; converges quickly for x below (a + 1)/(a + b + 2)."""
    c, d = 1.0, _away(1 - (a + b) * x / (a + 1))
    d = 1 / d
    value, step = d, 0.0
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            step = c * d
            value *= step
        if abs(step - 1) < _PRECISE:
            break
    return value


def _away(number: float) -> float:
    """Never zero: it is divided by."""
    return number if abs(number) > _TINY else _TINY


def _solve(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function is zero, by halves."""
    for _ in range(200):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2

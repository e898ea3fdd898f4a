"""Write `expected.json` anew with SciPy, which the tests themselves do not need.

pip install scipy
python tests/vectors/statistics/regenerate.py
"""

from __future__ import annotations

import json
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

LEVELS = (0.8, 0.9, 0.95, 0.99)


def quantiles(stats: Any) -> dict[str, Any]:
    """Of the normal, Student's t and the beta distribution."""
    shares = (0.005, 0.025, 0.5, 0.9, 0.975)
    freedoms = (1, 2, 5, 9, 30, 1_000)
    shapes = (0.5, 1, 2, 18, 200, 5_000)
    return {
        "normal": [[share, float(stats.norm.ppf(share))] for share in shares],
        "student": [
            [share, freedom, float(stats.t.ppf(share, freedom))]
            for share, freedom in product(shares, freedoms)
        ],
        "beta": [
            [share, a, b, float(stats.beta.ppf(share, a, b))]
            for share, a, b in product(shares, shapes, shapes)
        ],
    }


def intervals(stats: Any) -> list[list[Any]]:
    """Of shares: hits, n, level, method, low, high."""
    names = {"wilson": "wilson", "exact": "exact"}
    return [
        [hits, n, level, ours, *map(float, ends)]
        for (hits, n), level, (ours, theirs) in product(
            [(18, 20), (4, 20), (4, 200), (0, 10), (10, 10), (1, 3), (499, 1_000)],
            LEVELS,
            names.items(),
        )
        for ends in [stats.binomtest(hits, n).proportion_ci(level, theirs)]
    ]


def means(stats: Any) -> list[list[Any]]:
    """By Student's t: counts of 1 to 5, level, low, high; not clipped."""
    found: list[list[Any]] = []
    for counts, level in product([[1, 0, 2, 3, 6], [5, 4, 3, 2, 1], [0, 0, 1, 1, 0]], LEVELS):
        ratings = [rating for rating, n in enumerate(counts, 1) for _ in range(n)]
        ends = stats.ttest_1samp(ratings, 0).confidence_interval(level)
        found.append([counts, level, float(ends.low), float(ends.high)])
    return found


def differences(stats: Any) -> list[list[Any]]:
    """Two lots of ratings 0 to 10, and the p-value of the N - 1 test: r·√(N - 1) of the ranks' own.

    r is the correlation of rating and group; z = r·√(N - 1) is the permutation test's normal form.
    """
    lots = [
        ([9] * 7 + [7] * 2 + [3] * 1, [9] * 3 + [7] * 3 + [3] * 6),
        ([10] * 40 + [0] * 10, [10] * 35 + [0] * 15),
        ([8, 9, 10], [0, 1, 2, 3]),
    ]
    found: list[list[Any]] = []
    for some, others in lots:
        values = [_net(rating) for rating in (*some, *others)]
        groups = [1] * len(some) + [0] * len(others)
        r = stats.pearsonr(values, groups).statistic
        z = r * (len(values) - 1) ** 0.5
        found.append([some, others, float(2 * stats.norm.sf(abs(z)))])
    return found


def _net(rating: int) -> int:
    return (rating > 8) - (rating < 7)


if __name__ == "__main__":
    stats = import_module("scipy.stats")
    expected = {
        "quantiles": quantiles(stats),
        "shares": intervals(stats),
        "means": means(stats),
        "net_differences": differences(stats),
    }
    path = Path(__file__).with_name("expected.json")
    path.write_text(json.dumps(expected, separators=(",", ":")) + "\n")

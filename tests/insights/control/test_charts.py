"""Control charts by published examples, and their tails by exact sums."""

from __future__ import annotations

import math
from itertools import product

import pytest

from harken_server.insights.rules.control.charts import cusum, ewma, shewhart
from harken_server.insights.rules.control.levels import dispersion, level_of
from harken_server.insights.rules.control.records import Observed
from harken_server.insights.rules.control.tails import binomial_tail, mean_tail, poisson_tail

JUICE = (
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12,
    7, 13, 9, 6,
)  # fmt: skip
"""Nonconforming cans among 50: Montgomery 2013, table 7.1."""
SERIES = (
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40,
    10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62,
    11.31, 10.52,
)  # fmt: skip
"""Twenty of a process at 10, then ten at 11: Montgomery 2013, table 9.1."""
NIST = (
    52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2,
    52.6, 52.4, 53.6, 52.1,
)  # fmt: skip
"""NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4."""
NIST_EWMA = (
    50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52,
    50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99,
)  # fmt: skip


def shares(hits: tuple[int, ...], n: int) -> list[Observed]:
    return [Observed(str(at), {100.0: each, 0.0: n - each}) for at, each in enumerate(hits, 1)]


def test_the_orange_juice_cans() -> None:
    points = shares(JUICE, 50)
    level = level_of(points)

    chart = shewhart(points, level, (0, 100))

    assert round(level.mean / 100, 4) == 0.2313
    assert (round(chart[0].low or 0, 2), round(chart[0].high or 0, 2)) == (5.24, 41.02)
    assert [point.period for point in chart if point.is_out] == ["15", "23"]
    assert chart[14].why == "44.0 (50 answers) is above the upper limit of 41.0."


def test_limits_follow_the_n_of_each_period_and_stay_on_the_scale() -> None:
    points = [*shares((3,), 10), *shares((60,), 200), Observed("3", {}), *shares((9,), 10)]
    level = level_of(points)

    chart = shewhart(points, level, (0, 100))

    assert chart[0].low == 0
    assert (chart[1].high or 0) - (chart[1].low or 0) < (chart[0].high or 0)
    assert (chart[2].value, chart[2].low, chart[2].is_out) == (None, None, False)
    assert [each.is_out for each in chart] == [False, False, False, True]


def test_laney_widens_the_limits_by_how_much_more_periods_vary() -> None:
    steady = shares((20, 25, 22, 27, 21, 26) * 3, 100)
    restless = shares((200, 300) * 9, 1_000)

    assert dispersion(steady, level_of(steady)) == pytest.approx(0.98, abs=0.15)
    level = level_of(restless)
    more = dispersion(restless, level)
    z = 100 * 0.1 / (100 * math.sqrt(0.25 * 0.75 / 1_000))
    assert more == pytest.approx(z / 1.128)
    assert not any(each.is_out for each in shewhart(restless, level, (0, 100), more))
    assert all(each.is_out for each in shewhart(restless, level, (0, 100)))


def test_the_textbook_ewma_signals_at_29_and_30() -> None:
    found = ewma(SERIES, 10, 1, 0.1, 2.7)

    out = [at for at, (mean, (low, high)) in enumerate(found, 1) if not low <= mean <= high]
    assert out == [29, 30]
    assert round(found[0][0], 3) == 9.945


def test_the_textbook_cusum_passes_5_at_29() -> None:
    found = cusum(SERIES, 10, 1)

    assert next(at for at, (up, _) in enumerate(found, 1) if up > 5) == 29
    assert round(found[28][0], 2) == 5.28
    assert max(down for _, down in found) < 5


def test_the_nist_series_stays_inside() -> None:
    found = ewma(NIST, 50, 2.0539, 0.3, 3)

    assert [round(mean, 2) for mean, _ in found] == pytest.approx(list(NIST_EWMA), abs=0.011)
    low, high = found[-1][1]
    assert (round(low, 2), round(high, 2)) == (47.41, 52.59)
    assert all(47.41 < mean < 52.59 for mean, _ in found)


def test_few_answers_have_exact_chances() -> None:
    assert round(binomial_tail(4, 5, 0.2), 4) == 0.0067
    assert round(poisson_tail(5, 1.5), 4) == 0.0186
    assert binomial_tail(0, 5, 0.2) == 1


@pytest.mark.parametrize("n", [1, 4, 7])
@pytest.mark.parametrize("usual", [(0.5, 0.3, 0.2), (0.9, 0.05, 0.05)])
def test_the_tail_of_a_mean_is_what_all_answers_together_can_be(
    n: int, usual: tuple[float, ...]
) -> None:
    values = dict(zip((100.0, 0.0, -100.0), usual, strict=True))
    centre = 100 * (usual[0] - usual[2])
    for mean in (-100.0, -50.0, 100 / n, 100.0):
        every = product(values.items(), repeat=n)
        expected = 0.0
        for answers in every:
            seen = sum(value for value, _ in answers) / n
            is_as_far = seen <= mean + 1e-9 if mean < centre else seen >= mean - 1e-9
            expected += math.prod(share for _, share in answers) if is_as_far else 0
        assert mean_tail(values, n, mean) == pytest.approx(expected)


@pytest.mark.parametrize(("hits", "n"), [(30, 40), (12, 40), (70, 300), (1, 60), (60, 60)])
def test_the_saddlepoint_is_near_the_exact_tail(hits: int, n: int) -> None:
    share = 0.4
    exact = (
        binomial_tail(hits, n, share) if hits > n * share else 1 - binomial_tail(hits + 1, n, share)
    )

    found = mean_tail({100.0: share, 0.0: 1 - share}, n, 100 * hits / n)

    assert exact / 1.3 < found < 1.7 * exact

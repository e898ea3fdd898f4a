"""The default chart: false alarms over many years, and how soon a fall of ten points is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from harken_server.insights.rules.control.records import ControlPoint, Observed
from harken_server.insights.rules.control.watch import Watch, watch

VALUES = (100.0, 0.0, -100.0)
USUAL, SKEWED = (0.5, 0.3, 0.2), (0.75, 0.2, 0.05)
YEAR = 365.25


def days(rng: Any, a_day: float, shares: Sequence[float], count: int) -> list[Observed]:
    drawn = rng.multinomial(rng.poisson(a_day, count), shares).tolist()
    return [
        Observed(f"d{at}", dict(zip(VALUES, each, strict=True))) for at, each in enumerate(drawn)
    ]


def judged(points: Sequence[Observed], per_year: float = YEAR) -> list[ControlPoint]:
    judging = Watch(200, per_year)
    return [judging.judge(point) for point in points]


def alarms(years: int, a_day: float, shares: Sequence[float], seed: int) -> int:
    rng = np.random.default_rng(seed)
    return sum(
        point.is_out for _ in range(years) for point in judged(days(rng, a_day, shares, 365))
    )


def test_a_steady_touchpoint_gives_hardly_any_false_alarm() -> None:
    assert alarms(60, 3, USUAL, 1) + alarms(60, 25, SKEWED, 2) <= 3


@pytest.mark.nightly
@pytest.mark.parametrize("shares", [USUAL, SKEWED])
@pytest.mark.parametrize("a_day", [0.5, 3, 20, 150])
def test_one_false_alarm_in_a_hundred_years_of_a_touchpoint(
    a_day: float, shares: Sequence[float]
) -> None:
    """Ten are expected of a thousand years; a rule that is right has over 17 in 1 of 100 runs."""
    assert alarms(1_000, a_day, shares, 7) <= 17


def test_a_fall_of_ten_points_is_found_and_said() -> None:
    rng = np.random.default_rng(3)
    before, after = days(rng, 20, USUAL, 300), days(rng, 20, (0.45, 0.3, 0.25), 200)
    points = [*before, *(each._replace(period=f"x{at}") for at, each in enumerate(after))]

    found = [point for point in judged(points) if point.is_out]

    assert [point.rule for point in found] == ["shift"]
    assert found[0].period.startswith("x")
    assert (found[0].why or "").startswith("Down ")
    assert "a lasting change" in (found[0].why or "")


def test_one_terrible_day_is_found_that_day_and_a_mere_bad_one_is_not() -> None:
    rng = np.random.default_rng(5)
    points = days(rng, 20, USUAL, 200)
    terrible = Observed("bad", {100.0: 1, 0.0: 1, -100.0: 14})
    mere = Observed("bad", {100.0: 7, 0.0: 5, -100.0: 6})

    (rare,) = [each for each in judged([*points, terrible]) if each.is_out]

    assert (rare.period, rare.rule) == ("bad", "rare")
    assert "unusually low" in (rare.why or "")
    assert not any(each.is_out for each in judged([*points, mere]))


def test_few_answers_and_none_are_not_judged() -> None:
    points = [Observed("a", {100.0: 50, 0.0: 20, -100.0: 20}), Observed("b", {-100.0: 9})]

    first, second = judged(points)
    (empty,) = judged([Observed("c", {})])

    assert (first.low, second.low, empty.low) == (None, None, None)
    assert [each.is_out for each in (first, second, empty)] == [False] * 3


def test_days_that_vary_by_themselves_are_judged_as_such() -> None:
    rng = np.random.default_rng(11)
    points: list[Observed] = []
    for at in range(300):
        up = float(np.clip(0.5 + rng.normal(0, 0.12), 0.1, 0.9))
        drawn = rng.multinomial(400, (up, 0.9 - up, 0.1)).tolist()
        points.append(Observed(f"d{at}", dict(zip(VALUES, drawn, strict=True))))

    assert sum(each.is_out for each in watch(points, 200, YEAR)) <= 1
    assert sum(each.is_out for each in judged(points)) > 5


def run_length(scores: Any, shares: Any, limit: float, states: int = 300) -> float:
    """Mean steps of a CUSUM until it passes the limit, from 0: as a Markov chain.

    Brook, Evans 1972, Biometrika 59(3), 539-549; between two states by their distance.
    """
    grid = np.linspace(0, limit, states)
    moves = np.zeros((states, states))
    for score, share in zip(scores, shares, strict=True):
        target = np.maximum(grid + score, 0) / grid[1]
        state = np.flatnonzero(target < states - 1)
        below = target[state].astype(int)
        part = target[state] - below
        np.add.at(moves, (state, below), share * (1 - part))
        np.add.at(moves, (state, below + 1), share * part)
    return float(np.linalg.solve(np.eye(states) - moves, np.ones(states))[0])


def limit_for(scores: Any, shares: Any, steps: float) -> float:
    low, high = 1.0, 14.0
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if run_length(scores, shares, middle) < steps else (low, middle)
    return (low + high) / 2


@pytest.mark.nightly
@pytest.mark.parametrize("a_day", [10, 30])
def test_a_fall_of_ten_points_is_found_within_twelve_answers_of_the_least_possible(
    a_day: int,
) -> None:
    """With as few false alarms no rule is quicker than the likelihood ratio of the very shares that
    came, looked at after each answer (Moustakides 1986); of all falls by ten points that one is
    taken which is hardest to find. Ours looks once a day, and knows neither.
    """
    usual, steps = np.array(USUAL), 2 * 100 * YEAR
    value = np.array([1.0, 0.0, -1.0])
    mean, variance = usual @ value, usual @ value**2 - (usual @ value) ** 2
    tilts = [usual * np.exp(-tilt * value) for tilt in np.linspace(0.1, 0.25, 3_001)]
    fallen = min(
        (each / each.sum() for each in tilts), key=lambda each: abs(each @ value - mean + 0.1)
    )
    totals, before, after = np.arange(-a_day, a_day + 1), np.ones(1), np.ones(1)
    for _ in range(a_day):
        before, after = np.convolve(before, usual[::-1]), np.convolve(after, fallen[::-1])
    ours = 0.1 * (a_day * mean - totals - a_day * 0.05) / variance
    best = np.log(fallen / usual)

    least = run_length(best, fallen, limit_for(best, usual, steps * a_day))
    taken = a_day * run_length(ours, after, limit_for(ours, before, steps))

    assert abs(taken - least) < 12


def test_the_evidence_is_the_one_that_is_compared_above() -> None:
    judging = Watch(200, YEAR)
    judging.judge(Observed("all", {100.0: 5_000_000, 0.0: 3_000_000, -100.0: 2_000_000}))
    point = judging.judge(Observed("next", {100.0: 4, 0.0: 3, -100.0: 3}))

    expected = 0.1 * (10 * 0.3 - 1 - 10 * 0.05) / (0.7 - 0.09)
    assert point.statistic_down == pytest.approx(expected, rel=1e-4)

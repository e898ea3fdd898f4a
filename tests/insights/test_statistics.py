"""Quantiles, intervals and p-values agree with SciPy's; differences are called as often as said."""

from __future__ import annotations

import json
from itertools import product
from math import comb, sqrt
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.insights.rules.comparing.differences import (
    chance_of,
    correct_many,
    score_difference,
)
from harken_server.insights.rules.estimates import choose_certainty
from harken_server.insights.rules.intervals import (
    LEVELS,
    mean_interval,
    net_promoter_interval,
    share_interval,
)
from harken_server.insights.rules.metrics import (
    customer_satisfaction,
    net_promoter_score,
    rating_score,
)
from harken_server.insights.rules.planning import (
    answers_for_difference,
    answers_for_margin,
    net_variance,
    share_variance,
)
from harken_server.insights.rules.probability import (
    beta_quantile,
    normal_quantile,
    student_quantile,
)
from harken_server.insights.rules.scores import Score

VECTORS = Path(__file__).parents[1] / "vectors" / "statistics" / "expected.json"
EXPECTED: dict[str, Any] = json.loads(VECTORS.read_text("utf-8"))
CLOSE = 1e-9


def test_quantiles_are_those_of_scipy() -> None:
    known = EXPECTED["quantiles"]

    for share, expected in known["normal"]:
        assert normal_quantile(share) == pytest.approx(expected, abs=CLOSE)
    for share, freedom, expected in known["student"]:
        assert student_quantile(share, freedom) == pytest.approx(expected, rel=CLOSE, abs=CLOSE)
    for share, a, b, expected in known["beta"]:
        assert beta_quantile(share, a, b) == pytest.approx(expected, rel=CLOSE, abs=CLOSE)


def test_intervals_of_shares_are_those_of_scipy() -> None:
    for hits, n, level, method, low, high in EXPECTED["shares"]:
        found = share_interval(hits, n, level, method)

        assert found == pytest.approx((low, high), abs=CLOSE), (hits, n, level, method)


def test_intervals_of_means_are_those_of_scipy() -> None:
    for counts, level, low, high in EXPECTED["means"]:
        found = mean_interval(dict(enumerate(counts, 1)), 1, 5, level, "t")

        assert found == pytest.approx((max(1, low), min(5, high)), abs=CLOSE)


def test_p_values_of_differences_are_those_of_scipy() -> None:
    for some, others, p in EXPECTED["net_differences"]:
        now, before = (
            net_promoter_score("q", histogram(some)),
            net_promoter_score("q", histogram(others)),
        )

        assert chance_of(now, before) == pytest.approx(p, abs=CLOSE)


def histogram(ratings: list[int]) -> dict[int, int]:
    return {rating: ratings.count(rating) for rating in set(ratings)}


@pytest.mark.parametrize(
    ("hits", "n", "method", "low", "high"),
    [
        # Brown, Cai, DasGupta 2001; Agresti, Coull 1998; Newcombe 1998 (81 of 263).
        (81, 263, "wald", 0.2522, 0.3638),
        (81, 263, "wilson", 0.2553, 0.3662),
        (81, 263, "exact", 0.2527, 0.3676),
        (0, 20, "exact", 0.0, 0.1684),
        (1, 29, "exact", 0.0009, 0.1776),
    ],
)
def test_published_intervals_of_shares(
    hits: int, n: int, method: Any, low: float, high: float
) -> None:
    assert share_interval(hits, n, 0.95, method) == pytest.approx((low, high), abs=6e-5)


def test_the_published_interval_of_a_difference_of_shares() -> None:
    # Newcombe 1998: 56 of 70 less 48 of 80, method 10.
    some = customer_satisfaction("q", {5: 56, 1: 14})
    others = customer_satisfaction("q", {5: 48, 1: 32})

    found = score_difference(some, others)

    assert found is not None
    assert (found.by, found.low, found.high) == pytest.approx((20, 5.24, 33.39), abs=0.005)


@pytest.mark.parametrize("level", LEVELS)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
def test_a_surer_interval_holds_a_less_sure_one(
    level: float, up: int, down: int, passive: int
) -> None:
    n = up + down + passive
    wide = net_promoter_interval(up, down, n, 0.99)
    narrow = net_promoter_interval(up, down, n, level)

    assert wide.low <= narrow.low + CLOSE
    assert narrow.high <= wide.high + CLOSE


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("n", [20, 50])
def test_alike_shares_are_called_different_about_5_times_in_100(n: int, share: float) -> None:
    """Summed over all pairs of samples."""
    chance = [comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    scores = [customer_satisfaction("q", {5: k, 1: n - k}) for k in range(n + 1)]
    called = sum(
        chance[a] * chance[b]
        for a, b in product(range(n + 1), repeat=2)
        if chance_of(scores[a], scores[b]) < 0.05
    )

    assert 0.04 <= called <= 0.06


@pytest.mark.parametrize("shape", [(3, 2, 5), (2, 5, 3), (1, 2, 7)])
@pytest.mark.parametrize("sizes", [(30, 30), (25, 200)])
def test_alike_groups_are_called_different_about_5_times_in_100(
    shape: tuple[int, int, int], sizes: tuple[int, int]
) -> None:
    rng, rounds = Random(5), 4_000
    called = 0
    for _ in range(rounds):
        some, others = (draw(rng, shape, size) for size in sizes)
        called += chance_of(some, others) < 0.05

    # Within three standard errors of what is promised.
    error = 3 * sqrt(0.05 * 0.95 / rounds)
    assert 0.04 - error / 2 <= called / rounds <= 0.06 + error / 2


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["nps", "mean"])
@pytest.mark.parametrize("shape", [(3, 2, 5), (2, 5, 3), (1, 2, 7)])
@pytest.mark.parametrize("sizes", [(30, 30), (25, 200)])
def test_alike_groups_are_called_different_4_to_6_times_in_100(
    shape: tuple[int, int, int], sizes: tuple[int, int], kind: str
) -> None:
    """As often as is promised, by so many rounds that chance hardly matters; means as well."""
    rng, rounds, called = Random(6), 25_000, 0
    for _ in range(rounds):
        if kind == "nps":
            some, others = (draw(rng, shape, size) for size in sizes)
        else:
            some, others = (draw_mean(rng, shape, size) for size in sizes)
        called += chance_of(some, others) < 0.05

    assert 0.04 <= called / rounds <= 0.06, called / rounds


def draw_mean(rng: Random, shape: tuple[int, int, int], size: int) -> Score:
    return rating_score("q", histogram(rng.choices((2, 4, 5), shape, k=size)))


def draw(rng: Random, shape: tuple[int, int, int], size: int) -> Score:
    drawn = rng.choices((3, 8, 10), shape, k=size)
    return net_promoter_score("q", histogram(drawn))


def test_two_hundred_alike_stores_are_seldom_told_apart() -> None:
    rng, alarms = Random(7), 0
    for _ in range(100):
        stores = [draw(rng, (2, 3, 5), 40) for _ in range(200)]
        every = net_promoter_score("q", added([store.counts for store in stores]))
        alarms += any(
            chance <= 0.05 for chance in correct_many([chance_of(s, every) for s in stores])
        )

    assert alarms <= 10


def added(many: list[dict[str, int]]) -> dict[int, int]:
    return {rating: sum(each[str(rating)] for each in many) for rating in range(11)}


def test_evidence_goes_by_the_width_and_says_what_is_missing() -> None:
    few, many = rating_score("q", {5: 6, 1: 6}), rating_score("q", {5: 120, 1: 120})

    assert (few.evidence, many.evidence) == ("not_enough", "enough")
    assert many.answers_wanted is None
    assert few.answers_wanted is not None
    enough = few.answers_wanted // 12 + 1
    assert rating_score("q", {5: 6 * enough, 1: 6 * enough}).evidence == "enough"
    assert rating_score("q", {}).evidence == "none"


def test_a_plan_keeps_what_it_promises() -> None:
    assert answers_for_margin(net_variance(50, 50), 5) == 1_537
    assert answers_for_margin(net_variance(50, 20), 5) == 938
    n = answers_for_difference(share_variance(80), share_variance(70), 10)
    rng, seen = Random(3), 0
    for _ in range(600):
        here, there = (sum(rng.random() < p for _ in range(n)) for p in (0.8, 0.7))
        seen += chance_of(share(here, n), share(there, n)) < 0.05
    assert 0.75 <= seen / 600 <= 0.85


def share(hits: int, n: int) -> Score:
    return customer_satisfaction(
        "q", {5: hits, 1: n - hits}, certainty=choose_certainty(0.95, None)
    )

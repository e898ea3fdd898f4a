"""Importance and reliability, by published numbers, by other ways to compute them, and by laws."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harken_server.insights.rules.drivers.enough import with_enough
from harken_server.insights.rules.drivers.explain import find_drivers
from harken_server.insights.rules.drivers.importance import (
    importance,
    relative_weights,
    shapley_values,
)
from harken_server.insights.rules.drivers.items import Item
from harken_server.insights.rules.drivers.records import Wish
from harken_server.insights.rules.drivers.reliability import find_reliability
from harken_server.insights.rules.drivers.sums import MISSING, block_sums, correlations

VECTORS = Path(__file__).parents[2] / "vectors" / "statistics" / "published.json"
PUBLISHED: dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"))
SWISS = np.array(PUBLISHED["swiss"]["rows"])
ATTITUDE = np.array(PUBLISHED["attitude"]["rows"], np.uint8)


def items(count: int, low: int = 1, high: int = 5) -> list[Item]:
    return [Item(f"i{place}", f"i{place}", low, high) for place in range(count)]


def outcome_last(table: Any) -> Any:
    return np.corrcoef(np.roll(table, -1, axis=1), rowvar=False)[None]


def planted(n: int, seed: int, weights: tuple[float, ...], gaps: float = 0.1) -> Any:
    """Ratings with a common tone; the outcome follows the items by their weights."""
    rng = np.random.default_rng(seed)
    tone = rng.normal(size=(n, 1))
    rated = np.clip(np.round(3.4 + 0.6 * tone + rng.normal(size=(n, len(weights)))), 1, 5)
    outcome = 5 + (rated - 3) @ np.array(weights) + rng.normal(0, 1.5, n)
    table = np.column_stack([rated, np.clip(np.round(outcome), 0, 10)]).astype(np.uint8)
    table[:, :-1][rng.random((n, len(weights))) < gaps] = MISSING
    return table


def test_swiss_has_the_published_shares_of_variance() -> None:
    table = outcome_last(SWISS)

    exact, weights = shapley_values(table)[0], relative_weights(table)[0]

    assert exact.round(4).tolist() == [0.0571, 0.1712, 0.2601, 0.1056, 0.1128]
    assert weights.round(4).tolist() == [0.0484, 0.1547, 0.2720, 0.1147, 0.1170]
    assert exact.sum() == pytest.approx(0.7067, abs=5e-5)
    assert weights.sum() == pytest.approx(exact.sum())


def test_shapley_values_are_the_mean_gain_over_all_orders() -> None:
    table = outcome_last(SWISS)[0]

    def explained(chosen: tuple[int, ...]) -> float:
        if not chosen:
            return 0.0
        own = table[np.ix_(chosen, chosen)]
        return float(table[chosen, -1] @ np.linalg.solve(own, table[chosen, -1]))

    gains = np.zeros(5)
    for order in itertools.permutations(range(5)):
        for place, item in enumerate(order):
            gains[item] += explained(order[: place + 1]) - explained(order[:place])

    assert shapley_values(table[None])[0] == pytest.approx(gains / math.factorial(5), abs=1e-12)


@pytest.mark.parametrize("method", ["shapley", "relative_weights"])
def test_items_that_are_the_same_share_alike_and_one_that_is_constant_gets_nothing(
    method: Any,
) -> None:
    rng = np.random.default_rng(5)
    one = rng.integers(1, 6, 400)
    outcome = np.clip(one + rng.integers(0, 3, 400), 0, 10)
    table = np.column_stack([one, one, np.full(400, 3), outcome]).astype(np.uint8)

    parts = importance(correlations(block_sums(table, 1).together())[None], method)[0]

    assert parts[0] == pytest.approx(parts[1])
    assert parts[2] == pytest.approx(0, abs=1e-9)
    assert parts.sum() == pytest.approx(np.corrcoef(one, outcome)[0, 1] ** 2)


@pytest.mark.parametrize("rows", [60, 1_000, 4_321])
def test_correlations_with_gaps_are_those_of_the_rows_that_rate_both(rows: int) -> None:
    table = planted(rows, 3, (0.5, 0.2, 0.1), gaps=0.3)

    sums = block_sums(table, 7)
    found = correlations(sums.together())

    assert len(sums.n) == min(rows, 1_000)
    for one, other in itertools.combinations(range(4), 2):
        both = table[(table[:, one] != MISSING) & (table[:, other] != MISSING)].astype(float)
        expected = np.corrcoef(both[:, one], both[:, other])[0, 1]
        assert found[one, other] == pytest.approx(expected, abs=1e-9)
        assert sums.together().n[one, other] == len(both)


def test_a_table_that_contradicts_itself_is_replaced_by_one_that_does_not() -> None:
    rng = np.random.default_rng(1)
    one = rng.integers(1, 6, (300, 4)).astype(np.uint8)
    one[:100, 1], one[:100, 2] = one[:100, 0], MISSING
    one[100:200, 2], one[100:200, 1] = one[100:200, 0], MISSING
    one[200:, 2], one[200:, 0] = 6 - one[200:, 1], MISSING

    found = correlations(block_sums(one, 1).together())

    assert np.linalg.eigvalsh(found)[0] >= -1e-9
    assert np.diag(found) == pytest.approx(1)
    assert 0 <= importance(found[None], "shapley").sum() <= 1


def test_a_planted_driver_comes_first() -> None:
    found = [
        find_drivers(items(5), planted(300, seed, (0.1, 0.1, 0.9, 0.1, 0)), Wish(), named=True)
        for seed in range(30)
    ]

    assert [each.drivers[0].item for each in found] == ["i2"] * 30
    assert all(each.r_squared_low <= each.r_squared <= each.r_squared_high for each in found)


@pytest.mark.nightly
def test_a_planted_driver_comes_first_in_ninety_nine_of_a_hundred() -> None:
    weights = (0.2, 0.2, 0.8, 0.2, 0, 0.1)
    firsts = [
        find_drivers(items(6), planted(300, seed, weights), Wish(), named=True).drivers[0].item
        for seed in range(500)
    ]

    assert firsts.count("i2") >= 495


@pytest.mark.nightly
def test_intervals_of_correlations_hold_the_truth_as_often_as_they_say() -> None:
    whole = planted(400_000, 99, (0.4, 0.2, 0.1), gaps=0.0)
    truth = float(np.corrcoef(whole[:, 0], whole[:, -1])[0, 1])
    held = 0
    for seed in range(400):
        table = planted(400 if seed % 2 else 3_000, seed, (0.4, 0.2, 0.1), gaps=0.2)
        own = find_drivers(items(3), table, Wish(seed=seed), named=True).drivers
        first = next(each for each in own if each.item == "i0")
        held += first.correlation_low <= truth <= first.correlation_high

    assert 0.92 <= held / 400 <= 0.98


def test_the_same_answers_give_the_same_intervals() -> None:
    table = planted(2_500, 4, (0.5, 0.2, 0.1))

    assert find_drivers(items(3), table, Wish(), named=False) == find_drivers(
        items(3), table, Wish(), named=False
    )


def test_what_few_rated_is_left_out_or_refused_by_name() -> None:
    table = planted(200, 4, (0.5, 0.2, 0.1))
    table[40:, 1] = MISSING

    left = find_drivers(items(3), table, Wish(), named=False)
    named = find_drivers(items(3), table, Wish(), named=True)

    assert [each.item for each in left.left_out] == ["i1"]
    assert sorted(each.item for each in left.drivers) == ["i0", "i2"]
    assert named.refused is not None
    assert named.refused.startswith("i1: ")
    assert "50 are needed" in named.refused
    assert named.drivers == ()


@pytest.mark.parametrize(("rows", "count"), [(49, 3), (99, 10)])
def test_too_few_answers_are_refused(rows: int, count: int) -> None:
    found = find_drivers(
        items(count), planted(rows, 1, (0.3,) * count, gaps=0), Wish(), named=False
    )
    enough = find_drivers(
        items(count), planted(rows + 1, 1, (0.3,) * count, gaps=0), Wish(), named=True
    )

    assert found.refused if count == 3 else len(found.drivers) == 9
    assert enough.refused is None
    assert len(enough.drivers) == count


def test_items_that_nobody_rated_together_do_not_stay_both() -> None:
    table = planted(300, 4, (0.5, 0.2, 0.1), gaps=0)
    table[:140, 0], table[140:, 1] = MISSING, MISSING

    chosen = with_enough(items(3), table)

    assert [each.item for each in chosen.left_out] == ["i1"]
    assert "i0" in chosen.left_out[0].why


def test_listwise_takes_whole_responses_alone() -> None:
    table = planted(400, 4, (0.5, 0.2, 0.1), gaps=0.2)
    whole = int((table != MISSING).all(axis=1).sum())

    found = find_drivers(items(3), table, Wish(missing="listwise"), named=True)

    assert found.n == whole
    assert {each.n for each in found.drivers} == {whole}


def test_quadrants_go_by_the_crosshairs() -> None:
    table = planted(800, 4, (0.9, 0.8, 0, 0), gaps=0)
    table[:, 1] = np.minimum(table[:, 1] + 1, 5)
    table[:, 3] = np.minimum(table[:, 3] + 1, 5)

    found = find_drivers(items(4), table, Wish(), named=True)

    assert {each.item: each.quadrant for each in found.drivers} == {
        "i0": "fix_first", "i1": "keep", "i2": "low_priority", "i3": "possible_overkill",
    }  # fmt: skip
    assert found.importance_crosshair == 25
    mean = sum(each.performance for each in found.drivers) / 4
    assert found.performance_crosshair == pytest.approx(mean)


def test_attitude_has_the_published_alpha() -> None:
    found = find_reliability("attitude", items(7, 0, 100), ATTITUDE)

    assert found.n == 30
    assert round(found.alpha or 0, 4) == 0.8431
    assert round(found.standardised or 0, 4) == 0.8391
    assert round(found.mean_correlation or 0, 4) == 0.4269
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.8431 < found.high
    totals = ATTITUDE.astype(float).sum(axis=1)
    for place, item in enumerate(found.items):
        rest = totals - ATTITUDE[:, place]
        expected = np.corrcoef(ATTITUDE[:, place], rest)[0, 1]
        assert item.item_total == pytest.approx(expected)


def test_a_reverse_keyed_item_is_flipped_first() -> None:
    turned = ATTITUDE.copy()
    turned[:, 2] = 100 - turned[:, 2]

    as_it_is = find_reliability("a", items(7, 0, 100), ATTITUDE)
    flipped = find_reliability("a", items(7, 0, 100), turned, frozenset({"i2"}))
    forgotten = find_reliability("a", items(7, 0, 100), turned)

    assert flipped.alpha == pytest.approx(as_it_is.alpha)
    assert [each.is_reversed for each in flipped.items].count(True) == 1
    assert (forgotten.alpha or 0) < (flipped.alpha or 0)
    assert (forgotten.items[2].item_total or 0) < 0


def test_alpha_is_refused_of_too_little() -> None:
    assert "Two items" in (find_reliability("a", items(1), ATTITUDE[:, :1]).refused or "")
    few = find_reliability("a", items(7), ATTITUDE[:9])
    assert "9 responses" in (few.refused or "")
    flat = find_reliability("a", items(2), np.full((20, 2), 3, np.uint8))
    assert "not defined" in (flat.refused or "")

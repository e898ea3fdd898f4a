"""Published numbers, laws and exact coverage of the 95 % intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import factorial, prod
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harken_server.insights.rules.intervals import (
    Interval,
    mean_interval,
    net_promoter_interval,
    share_interval,
)

GROUPS = st.tuples(*[st.integers(0, 5_000)] * 3).filter(any)
SCALES = st.tuples(st.integers(0, 1), st.integers(2, 11)).filter(lambda ends: ends[1] > ends[0])


@pytest.mark.parametrize(
    ("promoters", "detractors", "n", "low", "high"),
    [
        (9, 2, 11, 8.0, 92.0),
        (5, 0, 5, 17.5, 100.0),
        (0, 0, 10, -18.5, 18.5),
        (0, 5, 5, -100, -17.5),
    ],
)
def test_net_promoter_interval_gives_the_published_numbers(
    promoters: int, detractors: int, n: int, low: float, high: float
) -> None:
    found = net_promoter_interval(promoters, detractors, n)

    assert found.low == pytest.approx(low, abs=0.05)
    assert found.high == pytest.approx(high, abs=0.05)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (18, 20, 0.6990, 0.9721),
        (4, 20, 0.0807, 0.4160),
        (4, 200, 0.0078, 0.0503),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_share_interval_gives_the_published_wilson_numbers(
    hits: int, n: int, low: float, high: float
) -> None:
    found = share_interval(hits, n)

    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)


@given(GROUPS)
@example((1, 0, 0))
@example((0, 0, 1))
def test_net_promoter_interval_holds_the_raw_score_and_stays_in_range(
    groups: tuple[int, int, int],
) -> None:
    detractors, _, promoters = groups
    n = sum(groups)

    found = net_promoter_interval(promoters, detractors, n)

    assert -100 <= found.low <= 100 * (promoters - detractors) / n <= found.high <= 100
    assert found.low < found.high


@given(GROUPS)
def test_net_promoter_interval_is_mirrored_when_promoters_and_detractors_swap(
    groups: tuple[int, int, int],
) -> None:
    detractors, _, promoters = groups

    found = net_promoter_interval(promoters, detractors, sum(groups))
    swapped = net_promoter_interval(detractors, promoters, sum(groups))

    assert swapped.low == pytest.approx(-found.high)
    assert swapped.high == pytest.approx(-found.low)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_share_interval_holds_the_share_and_is_mirrored(pair: tuple[int, int]) -> None:
    hits, n = pair

    found = share_interval(hits, n)
    mirrored = share_interval(n - hits, n)

    assert 0 <= found.low <= hits / n <= found.high <= 1
    assert mirrored.low == pytest.approx(1 - found.high)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_share_interval_rises_with_the_hits(pair: tuple[int, int]) -> None:
    hits, n = pair

    before, after = share_interval(hits, n), share_interval(hits + 1, n)

    assert after.low > before.low
    assert after.high > before.high


@given(SCALES, st.data())
def test_mean_interval_holds_the_mean_and_stays_on_the_scale(
    scale: tuple[int, int], data: st.DataObject
) -> None:
    low, high = scale
    sizes = data.draw(
        st.lists(st.integers(0, 900), min_size=high - low + 1, max_size=high - low + 1).filter(any)
    )
    counts = dict(enumerate(sizes, low))
    mean = sum(rating * n for rating, n in counts.items()) / sum(sizes)

    found = mean_interval(counts, low, high)

    assert low <= found.low <= mean + 1e-9
    assert mean - 1e-9 <= found.high <= high
    assert found.low < found.high


@pytest.mark.parametrize("n", [5, 8, 10, 20, 50])
@pytest.mark.parametrize(
    "shares", [(0.5, 0.3, 0.2), (0.2, 0.5, 0.3), (0.7, 0.2, 0.1), (0.1, 0.3, 0.6)]
)
def test_net_promoter_interval_covers_the_truth_about_95_times_in_100(
    n: int, shares: tuple[float, ...]
) -> None:
    truth = 100 * (shares[0] - shares[2])

    covered = coverage(n, shares, truth, lambda sizes: net_promoter_interval(sizes[0], sizes[2], n))

    assert 0.92 <= covered <= 0.98


@pytest.mark.parametrize("n", [5, 10, 20, 50])
@pytest.mark.parametrize("share", [0.2, 0.3, 0.5, 0.8])
def test_share_interval_covers_the_truth_about_95_times_in_100(n: int, share: float) -> None:
    covered = coverage(n, (share, 1 - share), share, lambda sizes: share_interval(sizes[0], n))

    assert 0.92 <= covered <= 0.98


@pytest.mark.parametrize("n", [5, 10, 20])
@pytest.mark.parametrize(
    "shares",
    [(0.2,) * 5, (0.05, 0.05, 0.1, 0.3, 0.5), (0.02, 0.03, 0.05, 0.2, 0.7), (0, 0, 0, 0.5, 0.5)],
)
def test_mean_interval_covers_the_truth_about_95_times_in_100(
    n: int, shares: tuple[float, ...]
) -> None:
    truth = sum(rating * share for rating, share in enumerate(shares, 1))

    covered = coverage(
        n, shares, truth, lambda sizes: mean_interval(dict(enumerate(sizes, 1)), 1, 5)
    )

    assert 0.92 <= covered <= 0.98


def test_simulated_ratings_are_covered_about_95_times_in_100() -> None:
    random, weights = Random(20_261_121), [1] * 7 + [3, 4, 7, 9]
    truth = 100 * (16 - 7) / 30
    hits = 0

    for _ in range(4_000):
        ratings = random.choices(range(11), weights, k=12)
        up, down = sum(r >= 9 for r in ratings), sum(r <= 6 for r in ratings)
        found = net_promoter_interval(up, down, 12)
        hits += found.low <= truth <= found.high

    assert 0.92 <= hits / 4_000 <= 0.98


def coverage(
    n: int,
    shares: tuple[float, ...],
    truth: float,
    interval: Callable[[tuple[int, ...]], Interval],
) -> float:
    """Probability that the interval holds the truth, summed over every possible sample."""
    total = 0.0
    for sizes in samples(n, len(shares)):
        found = interval(sizes)
        if found.low - 1e-9 <= truth <= found.high + 1e-9:
            ways = factorial(n) // prod(factorial(size) for size in sizes)
            total += ways * prod(share**size for share, size in zip(shares, sizes, strict=True))
    return total


def samples(n: int, groups: int) -> Iterator[tuple[int, ...]]:
    if groups == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in samples(n - first, groups - 1):
            yield (first, *rest)

"""The bootstrap interval of a mean: the same every time, and it holds what it says."""

from __future__ import annotations

from collections import Counter
from itertools import combinations_with_replacement
from math import factorial, prod

import pytest
from api_client import SURVEY, Api

from harken_server.insights.rules.intervals import mean_interval

SHAPES = {
    "flat": (1, 1, 1, 1, 1), "split": (4, 1, 1, 1, 3), "skewed": (1, 1, 2, 6, 10),
    "very skewed": (1, 1, 1, 3, 24),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [5, pytest.param(10, marks=pytest.mark.nightly)])
def test_it_holds_the_truth_about_as_often_as_it_says(shape: str, n: int) -> None:
    """Summed over all samples there are."""
    weights = SHAPES[shape]
    shares = [weight / sum(weights) for weight in weights]
    truth = sum(rating * share for rating, share in enumerate(shares, 1))
    held = 0.0
    for drawn in combinations_with_replacement(range(1, 6), n):
        counts = Counter(drawn)
        low, high = mean_interval(counts, 1, 5, 0.95, "bootstrap")
        ways = factorial(n) / prod(factorial(count) for count in counts.values())
        chance = ways * prod(shares[rating - 1] ** count for rating, count in counts.items())
        held += chance * (low <= truth <= high)

    assert 0.92 <= held <= 0.985, held


def test_the_same_answers_give_the_same_interval() -> None:
    counts = {2: 3, 4: 5, 5: 9}

    first, again = (mean_interval(counts, 1, 5, 0.9, "bootstrap") for _ in range(2))

    assert first == again
    usual = mean_interval(counts, 1, 5, 0.9)
    assert first.low == pytest.approx(usual.low, abs=0.2)
    assert first.high == pytest.approx(usual.high, abs=0.2)


@pytest.mark.parametrize("counts", [{5: 1}, {5: 5}, {1: 30}])
def test_alike_answers_are_not_certain(counts: dict[int, int]) -> None:
    low, high = mean_interval(counts, 1, 5, 0.95, "bootstrap")

    (rating,) = counts
    assert 1 <= low <= rating <= high <= 5
    assert high - low > 0.3


async def test_a_score_says_that_it_was_bootstrapped(api: Api) -> None:
    question = {"type": "rating", "key": "stars", "text": "How many stars?", "low": 1, "high": 5}
    await api.push({**SURVEY, "questions": [question]})
    for stars in (5, 4, 2, 5, 3):
        await api.submit({"stars": stars})

    reply = (
        await api.http.get("/v1/surveys/post_purchase/scores", params={"method": "bootstrap"})
    ).json()

    (score,) = reply["scores"]
    assert score["method"] == "bootstrap"
    assert score["low"] < score["score"] < score["high"]
    assert "Efron" in reply["interval_formulas"]["bootstrap"]["source"]

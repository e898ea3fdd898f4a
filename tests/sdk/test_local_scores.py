"""`harken.scores` against the server's rules: every field of every metric, for any counts."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken import scores
from harken_server.insights.rules import metrics
from harken_server.insights.rules.estimates import Certainty

LEVELS = st.sampled_from(scores.LEVELS)


def histograms(low: int, high: int) -> st.SearchStrategy[dict[int, int]]:
    sizes = st.one_of(st.integers(0, 5), st.integers(0, 100_000))
    return st.dictionaries(st.integers(low, high), sizes)


def assert_same(ours: object, theirs: object) -> None:
    mine, told = msgspec.to_builtins(ours), msgspec.to_builtins(theirs)
    if not mine["n"]:  # the server names a method where there is no number
        told["method"] = ""
    assert told.pop("target", None) is None  # the survey's, which numbers alone do not have
    assert mine.pop("target", None) is None
    assert mine.keys() == told.keys()
    for name, value in told.items():
        near = pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
        assert mine[name] == near, name


@given(histograms(0, 10), LEVELS)
def test_nps(counts: dict[int, int], level: float) -> None:
    for variant in ("customer", "employee"):
        told = metrics.net_promoter_score("q", counts, variant, Certainty(level))
        assert_same(scores.nps(counts, variant=variant, level=level, question="q"), told)


@pytest.mark.parametrize("scale", [(1, 5), (1, 7), (1, 10), (0, 10), (1, 2), (0, 1), (1, 3)])
@given(st.data(), LEVELS)
def test_csat_and_ratings(scale: tuple[int, int], data: st.DataObject, level: float) -> None:
    counts = data.draw(histograms(*scale))
    sure = Certainty(level)
    told = metrics.customer_satisfaction("q", counts, *scale, sure)
    assert_same(scores.csat(counts, *scale, level=level, question="q"), told)
    told = metrics.rating_score("q", counts, *scale, sure)
    assert_same(scores.rating(counts, *scale, level=level, question="q"), told)


@given(histograms(1, 5), LEVELS)
def test_effort(counts: dict[int, int], level: float) -> None:
    for variant in ("1", "2.0"):
        told = metrics.customer_effort("q", counts, variant, Certainty(level))
        assert_same(scores.ces(counts, variant=variant, level=level, question="q"), told)


@given(st.integers(0, 500), st.integers(0, 500), LEVELS)
def test_shares(hits: int, others: int, level: float) -> None:
    told = metrics.choice_share("q", "price", hits, hits + others, Certainty(level))
    found = scores.share(hits, hits + others, level=level, question="q", choice="price")
    assert_same(found, told)


def test_ratings_one_by_one_are_counted() -> None:
    assert scores.nps([9, None, 10, 3]) == scores.nps({9: 1, 10: 1, 3: 1})


@pytest.mark.parametrize(
    ("ratings", "says"),
    [
        ([11], "11 is no rating of this scale, 0 to 10"),
        ({9: -1}, "rating 9 was counted -1 times; it must be 0 or more"),
        (["9"], "'9' is no rating of this scale, 0 to 10"),
    ],
)
def test_what_is_no_rating_is_told(ratings: list[int], says: str) -> None:
    with pytest.raises(ValueError, match="^" + says):
        scores.nps(ratings)


def test_levels_that_there_are_not_are_told() -> None:
    with pytest.raises(ValueError, match=r"level is 0.5; it must be one of 0.8, 0.9, 0.95, 0.99"):
        scores.share(1, 2, level=0.5)

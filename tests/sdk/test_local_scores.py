"""`harken.scores` against the server's rules: every field of every metric, for any counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken import scores
from harken_server.insights.rules import metrics
from harken_server.insights.rules.estimates import Certainty
from harken_server.insights.rules.weighting.raking import rake
from harken_server.insights.rules.weighting.tallies import tally_of, weighted_question
from harken_server.surveys.questions.types import Ces, Csat, Nps, Rating

VECTORS = Path(__file__).parents[1] / "vectors" / "statistics" / "weighted.json"
WEIGHTED = json.loads(VECTORS.read_text("utf-8"))
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
    if told.get("weighted") is None:
        assert mine.pop("weighted") is None
    assert mine.keys() == told.keys()
    for name, value in told.items():
        if isinstance(value, dict) and name == "weighted":
            assert mine[name] == pytest.approx(value, rel=1e-9, abs=1e-9)
            continue
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


weighted_ratings = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from((0.2, 1.0, 2.5, 10.0))), min_size=1, max_size=60
)


@given(weighted_ratings, LEVELS)
def test_weighted_ratings(given: list[tuple[int, float]], level: float) -> None:
    tally, sure = tally_of((weight, {str(rating): 1}) for rating, weight in given), Certainty(level)
    ratings, weights = [rating for rating, _ in given], [weight for _, weight in given]
    stars = Rating(key="q", text="?")
    told = weighted_question(stars, tally, sure)
    assert_same(scores.rating(ratings, level=level, question="q", weights=weights), told)
    told = weighted_question(Nps(key="q", text="?"), tally, sure)
    assert_same(scores.nps(ratings, level=level, question="q", weights=weights), told)
    told = weighted_question(Csat(key="q", text="?"), tally, sure)
    assert_same(scores.csat(ratings, level=level, question="q", weights=weights), told)
    told = weighted_question(Ces(key="q", text="?", variant="1"), tally, sure)
    found = scores.ces(ratings, variant="1", level=level, question="q", weights=weights)
    assert_same(found, told)


@pytest.mark.parametrize("cap", [5.0, 1.4])
@pytest.mark.parametrize("table", WEIGHTED["raked"], ids=["stores", "others"])
def test_raking_gives_the_weights_of_the_server(table: dict[str, Any], cap: float) -> None:
    margins = table["margins"]
    cells = {tuple(cell): n for *cell, n in table["sizes"]}
    answers = [dict(zip(margins, cell, strict=True)) for cell, n in cells.items() for _ in range(n)]

    found = scores.rake(answers, margins, cap=cap)

    told = rake(cells, margins, cap).weights
    expected = [told[cell] for cell, n in cells.items() for _ in range(n)]
    assert found == pytest.approx(expected, rel=1e-9)


def test_what_cannot_be_weighted_is_refused() -> None:
    some = [{"store": "Oslo"}, {"store": "Oslo"}]
    with pytest.raises(ValueError, match="'Bergen', of whom nobody answered"):
        scores.rake(some, {"store": {"Oslo": 1, "Bergen": 1}})
    with pytest.raises(ValueError, match="no share of 'Oslo'"):
        scores.rake(some, {"store": {"Bergen": 1}})
    with pytest.raises(ValueError, match="a weight is 0"):
        scores.nps([9, 10], weights=[1, 0])
    with pytest.raises(TypeError, match="one by one"):
        scores.nps({9: 2}, weights=[1, 2])

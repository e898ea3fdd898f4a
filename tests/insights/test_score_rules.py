"""Scores from histograms: formulas, directions, groups, and silence when nobody answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.groups import rating_groups, rating_tone
from harken_server.insights.rules.metrics import (
    customer_effort,
    customer_satisfaction,
    net_promoter_score,
    rating_score,
    score_question,
)
from harken_server.insights.rules.scores import histogram
from harken_server.surveys.questions.types import Ces, Csat, Nps, Rating, RatingQuestion

QUESTIONS: list[RatingQuestion] = [
    Nps(key="q", text="?"),
    Csat(key="q", text="?"),
    Ces(key="q", text="?"),
    Ces(key="q", text="?", variant="1"),
    Rating(key="q", text="?"),
    Rating(key="q", text="?", low=0, high=10),
    Rating(key="q", text="?", low=1, high=3),
    Rating(key="q", text="?", low=0, high=1, style="thumbs"),
]
NAMES = ["nps", "csat", "ces", "ces_v1", "stars", "ten", "three", "thumbs"]


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_nobody_answered_is_none_and_never_zero(question: RatingQuestion) -> None:
    score = score_question(question, {})

    assert score.n == 0
    assert (score.score, score.low, score.high) == (None, None, None)
    assert (score.mean, score.mean_low, score.share) == (None, None, None)
    assert set(score.counts.values()) == {0}


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
@given(data=st.data())
def test_every_score_lies_in_its_interval_and_range(
    question: RatingQuestion, data: st.DataObject
) -> None:
    ratings = [int(rating) for rating in score_question(question, {}).counts]
    counts = data.draw(st.dictionaries(st.sampled_from(ratings), st.integers(1, 10**6), min_size=1))

    score = score_question(question, counts)

    assert score.score is not None
    assert score.low is not None
    assert score.high is not None
    assert score.range_low <= score.low <= score.score + 1e-9
    assert score.score - 1e-9 <= score.high <= score.range_high
    assert score.n == sum(counts.values()) == sum(score.groups.values())
    assert score.n == sum(score.counts.values())


@given(st.dictionaries(st.integers(0, 10), st.integers(1, 500), min_size=1), st.integers(0, 9))
def test_a_better_rating_never_lowers_the_net_promoter_score(
    counts: dict[int, int], rating: int
) -> None:
    worse = {**counts, rating: counts.get(rating, 0) + 1}
    better = {**counts, rating + 1: counts.get(rating + 1, 0) + 1}

    before = net_promoter_score("q", worse).score
    after = net_promoter_score("q", better).score

    assert before is not None
    assert after is not None
    assert after >= before


def test_net_promoter_score_keeps_passives_in_the_denominator() -> None:
    score = net_promoter_score("q", {10: 1, 9: 2, 8: 2, 7: 1, 6: 1, 0: 3})

    assert score.score == pytest.approx(-10)
    assert score.groups == {"detractors": 4, "passives": 3, "promoters": 3}
    assert list(score.counts) == [str(rating) for rating in range(11)]
    assert score.share is None


def test_net_promoter_score_is_not_rounded() -> None:
    score = net_promoter_score("q", {9: 9, 0: 2})

    assert score.score == pytest.approx(63.636363636)


def test_satisfaction_is_the_share_of_the_two_best_places() -> None:
    score = customer_satisfaction("q", {5: 2, 4: 1, 3: 1, 1: 1})

    assert (score.score, score.unit, score.method) == (60.0, "percent", "wilson")
    assert score.mean == pytest.approx(3.6)


def test_satisfaction_on_seven_points_takes_six_and_seven() -> None:
    score = customer_satisfaction("q", {7: 1, 6: 1, 5: 2}, 1, 7)

    assert score.score == 50.0


def test_effort_2_is_a_mean_where_higher_is_better() -> None:
    score = customer_effort("q", {7: 1, 5: 1, 4: 1, 2: 1})

    assert (score.metric, score.score, score.direction) == ("ces", 4.5, "higher_is_better")
    assert (score.share, score.groups["easy"]) == (50.0, 2)


def test_effort_1_is_a_mean_where_lower_is_better() -> None:
    score = customer_effort("q", {1: 2, 5: 1}, "1")

    assert score.metric == "ces_v1"
    assert score.score == pytest.approx(7 / 3)
    assert score.direction == "lower_is_better"
    assert score.share == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    ("low", "high", "best"),
    [(0, 1, [1]), (1, 3, [3]), (1, 4, [3, 4]), (1, 5, [4, 5]), (0, 10, [9, 10])],
)
def test_the_top_group_of_a_rating_fits_its_scale(low: int, high: int, best: list[int]) -> None:
    question = Rating(key="q", text="?", low=low, high=high)

    assert list(rating_groups(question)["top"]) == best


def test_thumbs_are_scored_by_the_share_of_up() -> None:
    score = rating_score("q", {1: 3, 0: 1}, 0, 1, thumbs=True)

    assert (score.score, score.unit) == (75.0, "percent")
    assert score.groups == {"down": 1, "up": 3}


def test_ratings_off_the_scale_are_left_out() -> None:
    score = rating_score("q", {5: 2, 9: 4}, 1, 5)

    assert (score.n, score.score) == (2, 5.0)


@pytest.mark.parametrize(
    ("question", "rating", "tone"),
    [
        (QUESTIONS[0], 6, "bad"),
        (QUESTIONS[0], 8, "middle"),
        (QUESTIONS[0], 9, "good"),
        (QUESTIONS[2], 5, "good"),
        (QUESTIONS[3], 5, "bad"),
        (QUESTIONS[3], 1, "good"),
        (QUESTIONS[7], 0, "bad"),
        (QUESTIONS[0], 99, "middle"),
    ],
)
def test_a_ratings_tone_follows_the_direction_of_its_metric(
    question: RatingQuestion, rating: int, tone: str
) -> None:
    assert rating_tone(question, rating) == tone


def test_a_histogram_takes_only_its_own_questions_ratings() -> None:
    rows = [
        CountRow("q", "", "9", 2, 1),
        CountRow("q", "", "9", 3, 2),
        CountRow("other", "", "9", 7),
        CountRow("q", "row", "9", 7),
        CountRow("q", "", "price", 7),
    ]

    assert histogram(rows, "q") == {9: 5}

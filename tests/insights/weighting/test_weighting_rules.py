"""Weights: R's raking, statsmodels' weighted numbers, and intervals that hold as often as said."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.insights.rules.comparing.differences import chance_of, score_difference
from harken_server.insights.rules.estimates import choose_certainty
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.weighting.margins import read_margins
from harken_server.insights.rules.weighting.raking import (
    Cell,
    empty_members,
    rake,
    shares_of,
)
from harken_server.insights.rules.weighting.reports import report_of
from harken_server.insights.rules.weighting.tallies import (
    Tally,
    add_tallies,
    kish,
    tally_of,
    weighted_question,
)
from harken_server.surveys.questions.types import Csat, Nps, Rating

VECTORS = Path(__file__).parents[2] / "vectors" / "statistics" / "weighted.json"
KNOWN: dict[str, Any] = json.loads(VECTORS.read_text("utf-8"))
NPS = Nps(key="again", text="?")
STARS = Rating(key="q", text="?")
CLOSE = 1e-9

SCHOOLS: dict[Cell, int] = {
    ("E", "Yes"): 132, ("E", "No"): 12, ("H", "Yes"): 11,
    ("H", "No"): 3, ("M", "Yes"): 17, ("M", "No"): 8,
}  # fmt: skip
"""183 schools of California by type and by whether they met their target: `apiclus1` of R's
package survey (Lumley 2004, Journal of Statistical Software 9(1)), whose page of `rake` rakes them
to the 6,194 schools of the state."""
STATE = {"stype": {"E": 4421, "H": 755, "M": 1018}, "sch.wide": {"No": 1072, "Yes": 5122}}
R_WEIGHTS = {
    ("E", "Yes"): 29.8704638727345, ("E", "No"): 39.838509410554, ("H", "Yes"): 50.3301527726748,
    ("H", "No"): 67.1257826263303, ("M", "Yes"): 36.7921816646831, ("M", "No"): 49.0700673992951,
}  # fmt: skip
"""What R 4 gives; it stops at a change of less than 1 school in a margin."""


def test_raking_gives_the_weights_of_the_worked_example_of_r() -> None:
    margins = {
        name: {member: n / 6194 for member, n in shares.items()} for name, shares in STATE.items()
    }

    raked = rake(SCHOOLS, margins)

    ours = {cell: weight * 6194 / 183 for cell, weight in raked.weights.items()}
    assert ours == pytest.approx(R_WEIGHTS, rel=1e-4)
    report = report_of("raked", SCHOOLS, raked.weights, trim=5, trimmed=0, unknown=0)
    assert report.effective_n == pytest.approx(174.0, abs=0.05)
    assert report.design_effect == pytest.approx(183 / 174.0, abs=1e-3)


@pytest.mark.parametrize("table", KNOWN["raked"], ids=["stores", "others"])
def test_raked_weights_are_those_nearest_to_one(table: dict[str, Any]) -> None:
    cells = {tuple(cell): n for *cell, n in table["sizes"]}

    raked = rake(cells, table["margins"])

    assert [*raked.weights.values()] == pytest.approx(table["weights"], rel=CLOSE)
    assert raked.worst is not None
    assert raked.worst.by < CLOSE


@pytest.mark.parametrize("case", KNOWN["described"], ids=["few", "many", "alike"])
def test_weighted_numbers_are_those_of_statsmodels(case: dict[str, Any]) -> None:
    pairs = zip(case["weights"], case["ratings"], strict=True)
    tally = tally_of((weight, {str(rating): 1}) for weight, rating in pairs)

    stars = weighted_question(STARS, tally, choose_certainty(0.95, "t"))
    share = weighted_question(Csat(key="q", text="?"), tally)

    assert kish(tally) == pytest.approx(case["effective_n"], rel=CLOSE)
    assert stars.score == pytest.approx(case["mean"], rel=CLOSE)
    assert stars.variance == pytest.approx(case["variance"], rel=CLOSE)
    low, high = case["t"]
    assert (stars.low, stars.high) == pytest.approx((max(1, low), min(5, high)), rel=CLOSE)
    assert share.score == pytest.approx(case["share"], rel=CLOSE)
    assert (share.low, share.high) == pytest.approx(tuple(case["wilson"]), rel=CLOSE)


@given(st.dictionaries(st.integers(0, 10), st.integers(0, 900)), st.sampled_from([0.01, 1.0, 7.0]))
def test_equal_weights_change_nothing(counts: dict[int, int], weight: float) -> None:
    told = weighted_question(NPS, tally_of([(weight, {str(r): n for r, n in counts.items()})]))
    raw = score_question(NPS, counts)

    for name in ("score", "low", "high", "variance", "mean", "mean_low", "mean_high"):
        expected = getattr(raw, name)
        near = None if expected is None else pytest.approx(expected, rel=CLOSE, abs=1e-7)
        assert getattr(told, name) == near, name
    assert (told.n, told.counts, told.evidence) == (raw.n, raw.counts, raw.evidence)
    assert told.worth == pytest.approx(raw.n)


tallies = st.lists(
    st.tuples(
        st.sampled_from((0.25, 1.0, 4.0)),
        st.dictionaries(st.integers(0, 10).map(str), st.integers(0, 40)),
    ),
    max_size=4,
).map(tally_of)


@given(tallies, tallies)
def test_what_was_added_can_be_taken_away(some: Tally, others: Tally) -> None:
    left = add_tallies([some, others]).less(others)

    assert {value: n for value, n in left.counts.items() if n} == {
        value: n for value, n in some.counts.items() if n
    }
    assert weighted_question(NPS, left).worth == pytest.approx(kish(some), rel=1e-6, abs=1e-6)


def test_tests_and_evidence_go_by_what_the_answers_are_worth() -> None:
    uneven = tally_of([(50.0, {"9": 4, "3": 4}), (1.0, {"9": 300, "3": 200})])
    told, raw = weighted_question(NPS, uneven), score_question(NPS, {9: 304, 3: 204})
    other = score_question(NPS, {9: 200, 3: 308})

    assert (raw.evidence, told.evidence) == ("enough", "not_enough")
    assert told.n == 508
    assert told.worth < 45
    assert told.answers_wanted is not None
    assert told.answers_wanted > told.n
    assert chance_of(raw, other) < 1e-6 < 0.01 < chance_of(told, other)
    wide, narrow = score_difference(told, other), score_difference(raw, other)
    assert wide is not None
    assert narrow is not None
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_a_cap_holds_weights_back_and_says_what_is_reached() -> None:
    cells = {("a",): 2, ("b",): 98}

    raked = rake(cells, {"of": {"a": 0.5, "b": 0.5}}, cap=5)

    assert raked.is_possible
    assert raked.trimmed == 2
    assert max(raked.weights.values()) == pytest.approx(5)
    assert sum(n * raked.weights[cell] for cell, n in cells.items()) == pytest.approx(100)
    assert shares_of(cells, 0, raked.weights)["a"] == pytest.approx(0.1)


def test_margins_that_contradict_each_other_are_told() -> None:
    cells = {("a", "x"): 30, ("b", "y"): 30}

    raked = rake(cells, {"of": {"a": 0.5, "b": 0.5}, "to": {"x": 0.8, "y": 0.2}})

    assert not raked.is_possible
    assert raked.worst is not None
    assert raked.worst.by == pytest.approx(0.3)


def test_members_of_whom_nobody_answered_are_named() -> None:
    margins = {"store": {"Oslo": 0.5, "Bergen": 0.5}}
    assert empty_members({("Oslo",): 4}, margins) == [("store", "Bergen")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("shop:Oslo=1,Bergen=1", "'shop'; it must be one of store, plan"),
        ("store:Oslo=1,Bergen", "'Bergen' has no share"),
        ("store:Oslo=1,Bergen=0", "the share of Bergen is 0"),
        ("store:Oslo=1,Bergen=nan", "the share of Bergen is nan"),
        ("store:Oslo=1", "two members or more"),
        ("store:Oslo=1,Oslo=2", "Oslo stands twice"),
        ("store:a=1,b=1;store:a=1,b=1", "names store twice"),
        ("store:" + ",".join(f"m{n}=1" for n in range(501)), "more than 500"),
        ("", "names ''"),
    ],
)
def test_margins_that_make_no_sense_say_why(text: str, says: str) -> None:
    told = read_margins(text, ["store", "plan"])
    assert isinstance(told, str)
    assert says in told


def test_members_may_have_the_signs_of_margins_in_their_names() -> None:
    assert read_margins("store:Oslo, S;t=60,a=b=40;plan:pro=3,free=7", ["store", "plan"]) == {
        "store": {"Oslo, S;t": 0.6, "a=b": 0.4},
        "plan": {"pro": 0.3, "free": 0.7},
    }


def coverage(rounds: int, n: int, *, seed: int) -> tuple[float, float]:
    """How often the intervals of raked and of raw NPS hold the truth: one of two stores answers
    four times as readily, and is worse."""
    chance, held, raw_held = random.Random(seed), 0, 0
    shares = {"store": {"good": 0.5, "bad": 0.5}}
    ratings = {"good": (9, 9, 9, 8, 3), "bad": (9, 8, 3, 3, 3)}
    truth = (100 * (3 - 1) / 5 + 100 * (1 - 3) / 5) / 2
    for _ in range(rounds):
        drawn = [("bad" if chance.random() < 0.8 else "good") for _ in range(n)]
        cells = {(store,): drawn.count(store) for store in ("good", "bad") if store in drawn}
        if len(cells) < 2:
            continue
        weights = rake(cells, shares).weights
        tally = tally_of(
            (weights[store,], {str(chance.choice(ratings[store])): 1}) for store in drawn
        )
        score = weighted_question(NPS, tally)
        assert score.low is not None
        assert score.high is not None
        held += score.low <= truth <= score.high
        raw = score_question(NPS, {int(value): n for value, n in tally.counts.items()})
        assert raw.low is not None
        assert raw.high is not None
        raw_held += raw.low <= truth <= raw.high
    return held / rounds, raw_held / rounds


def test_intervals_of_raked_scores_hold_the_truth_as_often_as_they_say() -> None:
    weighted, raw = coverage(400, 120, seed=8)

    assert 0.92 <= weighted <= 0.99
    assert raw < 0.6  # four of five answers come from the worse store


@pytest.mark.nightly
@pytest.mark.parametrize("n", [40, 80, 200, 600])
def test_intervals_of_raked_scores_hold_the_truth_in_many_rounds(n: int) -> None:
    weighted, _ = coverage(4_000, n, seed=n)

    assert 0.92 <= weighted <= 0.99

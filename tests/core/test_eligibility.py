"""Who may be asked, in which order the reasons count, and what is said about it."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import get_args
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.core.eligibility import Facts, Reason, decide, explain, is_sampled

WORKSPACE = UUID("019a8f00-0000-7000-8000-000000000001")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
RATES = st.floats(min_value=0, max_value=1)


def facts(**changes: object) -> Facts:
    values = {
        "touchpoint": "order.delivered",
        "survey": "post_purchase",
        "survey_status": "live",
        "now": NOW,
        "respondent": "customer-1",
        "sample_rate": 0.25,
        "cooldown_days": 30,
    }
    return Facts(**(values | changes))


def test_somebody_never_asked_before_is_asked() -> None:
    assert decide(facts()) == "asked"


def test_the_first_hindrance_in_the_fixed_order_is_the_reason() -> None:
    hindrances: list[tuple[str, dict[str, object]]] = [
        ("no_survey", {"survey": None}),
        ("not_live", {"survey_status": "closed"}),
        ("suppressed", {"is_suppressed": True}),
        ("sampled_out", {"is_sampled": False}),
        ("cooldown", {"last_asked_at": NOW - DAY}),
    ]
    for present in product([False, True], repeat=len(hindrances)):
        chosen = [one for one, is_on in zip(hindrances, present, strict=True) if is_on]
        changes = {name: value for _, change in chosen for name, value in change.items()}
        assert decide(facts(**changes)) == (chosen[0][0] if chosen else "asked")


def test_an_assigned_survey_that_does_not_exist_is_no_survey() -> None:
    missing = facts(survey_status=None)

    assert decide(missing) == "no_survey"
    assert "post_purchase, which does not exist" in explain("no_survey", missing)


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_only_a_live_survey_asks(status: str) -> None:
    shut = facts(survey_status=status)

    assert decide(shut) == "not_live"
    assert f"survey post_purchase is {status}, not live" in explain("not_live", shut)


def test_the_cooldown_ends_to_the_second() -> None:
    last = NOW - 30 * DAY

    assert decide(facts(last_asked_at=last)) == "asked"
    assert decide(facts(last_asked_at=last + timedelta(seconds=1))) == "cooldown"


def test_a_cooldown_of_zero_days_never_hinders_even_when_clocks_disagree() -> None:
    for last in (NOW, NOW + timedelta(seconds=5)):
        assert decide(facts(cooldown_days=0, last_asked_at=last)) == "asked"


def test_being_asked_a_moment_later_by_another_clock_counts_as_just_asked() -> None:
    later = facts(last_asked_at=NOW + timedelta(seconds=5))

    assert decide(later) == "cooldown"
    assert explain("cooldown", later) == (
        "Not asked: already asked within the cooldown of 30 days."
    )


def test_an_anonymous_respondent_has_no_cooldown_and_no_suppression() -> None:
    unknown = facts(respondent=None, is_suppressed=True, last_asked_at=NOW)

    assert decide(unknown) == "asked"


def test_the_cooldown_sentence_names_both_figures() -> None:
    cooling = facts(last_asked_at=NOW - 3 * DAY - timedelta(hours=4))

    assert explain("cooldown", cooling) == ("Not asked: asked 3 days ago; the cooldown is 30 days.")


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=2, minutes=59), "2 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=29, hours=23), "29 days ago"),
    ],
)
def test_ages_are_told_in_their_largest_whole_unit(age: timedelta, words: str) -> None:
    assert words in explain("cooldown", facts(last_asked_at=NOW - age))


def test_the_sampling_sentence_names_the_share() -> None:
    sentence = explain("sampled_out", facts(sample_rate=0.125))

    assert "12.5 % of respondents" in sentence


def test_every_reason_has_a_sentence_about_what_was_looked_at() -> None:
    bare = facts(survey=None, survey_status=None, last_asked_at=None)
    for reason in get_args(Reason):
        for known in (facts(), bare):
            sentence = explain(reason, known)
            assert sentence.endswith(".")
            assert sentence.startswith("Asked: " if reason == "asked" else "Not asked: ")


def test_facts_decide_alike_after_a_round_trip_through_json() -> None:
    cooling = facts(last_asked_at=NOW - DAY)
    copied = msgspec.json.decode(msgspec.json.encode(cooling), type=Facts)

    assert decide(copied) == decide(cooling)


@given(st.text(min_size=1, max_size=50), RATES)
def test_the_same_respondent_is_sampled_alike_each_time(respondent: str, rate: float) -> None:
    first = is_sampled(WORKSPACE, "post_purchase", respondent, rate)

    assert is_sampled(WORKSPACE, "post_purchase", respondent, rate) == first


@given(st.text(min_size=1, max_size=50), RATES, RATES)
def test_raising_the_rate_only_adds_people(respondent: str, one: float, other: float) -> None:
    low, high = sorted((one, other))

    if is_sampled(WORKSPACE, "post_purchase", respondent, low):
        assert is_sampled(WORKSPACE, "post_purchase", respondent, high)


@given(st.text(max_size=50))
def test_a_rate_of_0_asks_nobody_and_a_rate_of_1_everybody(respondent: str) -> None:
    assert not is_sampled(WORKSPACE, "post_purchase", respondent, 0.0)
    assert is_sampled(WORKSPACE, "post_purchase", respondent, 1.0)


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 0.9])
def test_about_the_share_of_respondents_is_sampled(rate: float) -> None:
    people = 20_000

    chosen = sum(is_sampled(WORKSPACE, "nps", f"customer-{n}", rate) for n in range(people))

    spread = (rate * (1 - rate) / people) ** 0.5
    assert abs(chosen / people - rate) < 4 * spread


def test_samples_of_two_surveys_or_workspaces_are_unrelated() -> None:
    people = 20_000
    other = UUID(int=WORKSPACE.int + 1)

    for survey, workspace in (("csat", WORKSPACE), ("nps", other)):
        both = sum(
            is_sampled(WORKSPACE, "nps", f"customer-{n}", 0.5)
            and is_sampled(workspace, survey, f"customer-{n}", 0.5)
            for n in range(people)
        )
        assert abs(both / people - 0.25) < 0.0125


def test_the_sample_is_the_same_on_every_machine_and_release() -> None:
    chosen = [n for n in range(40) if is_sampled(WORKSPACE, "nps", f"customer-{n}", 0.25)]

    assert chosen == [1, 5, 9, 15, 19, 20, 26, 29, 34, 36, 37]

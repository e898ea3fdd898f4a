"""The share that is asked follows the answers wanted, and reaches them within the week."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trigger_steps import HOME

from harken_server.asking.rules.adaptive import WEEK, Pace, adaptive_rate, week_start
from harken_server.asking.rules.eligibility import is_sampled

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
counts = st.integers(0, 5000)
paces = st.builds(
    lambda span, asked, out, refused, answered, week: Pace(
        span_s=span,
        asked=asked,
        sampled_out=out,
        refused=refused,
        answered=min(answered, asked),
        answers_this_week=week,
    ),
    st.floats(1, WEEK.total_seconds()),
    counts,
    counts,
    counts,
    counts,
    st.integers(0, 500),
)
moments = st.integers(0, 7 * 86_400 - 1).map(lambda seconds: MONDAY + timedelta(seconds=seconds))


def test_weeks_begin_on_monday_at_midnight() -> None:
    assert week_start(MONDAY) == MONDAY
    assert week_start(MONDAY + timedelta(days=6, hours=23, minutes=59)) == MONDAY
    assert week_start(MONDAY - timedelta(microseconds=1)) == MONDAY - WEEK


def test_without_any_trigger_so_far_everybody_is_asked() -> None:
    assert adaptive_rate(10, Pace(span_s=60), MONDAY) == 1.0


def test_once_the_target_is_reached_nobody_more_is_asked() -> None:
    assert adaptive_rate(10, Pace(span_s=60, answers_this_week=10), MONDAY) == 0.0


def test_the_share_is_what_is_wanted_of_what_would_come() -> None:
    pace = Pace(span_s=WEEK.total_seconds(), asked=98, sampled_out=302, answered=49)

    # 400 invitations a week, half of which are answered: 200 answers, of which 50 are wanted.
    assert adaptive_rate(50, pace, MONDAY) == pytest.approx(0.25)
    assert adaptive_rate(500, pace, MONDAY) == 1.0


def test_triggers_that_are_refused_later_bring_no_answers() -> None:
    busy = Pace(span_s=WEEK.total_seconds(), asked=98, refused=98, sampled_out=604, answered=49)

    assert adaptive_rate(50, busy, MONDAY) == pytest.approx(0.25)


@given(st.integers(1, 1000), paces, moments)
def test_the_share_is_a_share_and_always_the_same(target: int, pace: Pace, now: datetime) -> None:
    rate = adaptive_rate(target, pace, now)

    assert 0 <= rate <= 1
    assert adaptive_rate(target, pace, now) == rate


@given(st.integers(1, 1000), st.integers(1, 1000), paces, moments)
def test_a_higher_target_never_lowers_the_share(
    one: int, other: int, pace: Pace, now: datetime
) -> None:
    low, high = sorted((one, other))

    assert adaptive_rate(low, pace, now) <= adaptive_rate(high, pace, now)


@pytest.mark.parametrize("response_rate", [0.1, 0.5, 0.9])
@pytest.mark.seconds
@pytest.mark.few(1)
def test_a_simulated_week_ends_near_the_target(response_rate: float) -> None:
    """2,000 triggers a week for three weeks; the last one counts."""
    dice = random.Random(7)
    events: list[tuple[datetime, str, bool]] = []
    target, answers = 60, 0
    start = MONDAY
    for number in range(6000):
        now = start + WEEK * number / 2000
        if number % 2000 == 0:
            answers = 0
        recent = [event for event in events if now - event[0] < WEEK]
        events = recent
        asked = [event for event in recent if event[1] == "asked"]
        pace = Pace(
            span_s=WEEK.total_seconds(),
            asked=len(asked),
            sampled_out=len(recent) - len(asked),
            answered=sum(event[2] for event in asked),
            answers_this_week=answers,
        )
        if dice.random() < adaptive_rate(target, pace, now):
            is_answered = dice.random() < response_rate
            answers += is_answered
            events.append((now, "asked", is_answered))
        else:
            events.append((now, "sampled_out", False))

    assert target * 0.8 <= answers <= target


def test_each_day_has_its_seventh_and_what_earlier_days_did_not_bring() -> None:
    pace = Pace(span_s=WEEK.total_seconds(), asked=98, sampled_out=602, answered=49)
    daily = 700 / 7 * 0.5

    for day in range(7):
        now = MONDAY + timedelta(days=day)
        on_time = msgspec.structs.replace(pace, answers_this_week=10 * day)
        ahead = msgspec.structs.replace(pace, answers_this_week=10 * (day + 1))
        assert adaptive_rate(70, on_time, now) == pytest.approx(10 / daily)
        assert adaptive_rate(70, ahead, now) == 0.0
        assert adaptive_rate(70, pace, now) == pytest.approx(min(1, 10 * (day + 1) / daily))


def test_each_period_draws_others_and_the_same_people_all_through_it() -> None:
    drawn = {
        period: {n for n in range(2000) if is_sampled(HOME, "nps", f"c-{n}", 0.1, period)}
        for period in ("", "2026-W10", "2026-W11")
    }

    assert all(140 < len(people) < 260 for people in drawn.values())
    both = drawn["2026-W10"] & drawn["2026-W11"]
    assert len(both) < 60, "those of one week are in the next no more often than anybody"
    again = {n for n in range(2000) if is_sampled(HOME, "nps", f"c-{n}", 0.1, "2026-W10")}
    assert again == drawn["2026-W10"]

"""The share that is asked follows the answers wanted, and reaches them within the week."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.asking.rules.adaptive import WEEK, Pace, adaptive_rate, week_start

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

"""Moments as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.design.times import WEEK, say_exactly, say_when, when

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(seconds=-59), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(minutes=-59, seconds=-59), "59 minutes ago"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(days=-6, hours=-23), "6 days ago"),
        (timedelta(days=-7), "14 Nov 2026"),
        (timedelta(hours=5), "in 5 hours"),
        (timedelta(days=40), "31 Dec 2026"),
    ],
)
def test_how_long_ago_is_said_for_a_week_and_then_the_day(away: timedelta, said: str) -> None:
    assert say_when(NOW + away, NOW) == said


@given(st.timedeltas(-2 * WEEK, 2 * WEEK))
def test_past_and_future_are_told_apart_within_the_week(away: timedelta) -> None:
    said = say_when(NOW + away, NOW)

    is_far = abs(away) >= WEEK
    assert said.endswith(" ago") == (not is_far and away <= timedelta(minutes=-1))
    assert said.startswith("in ") == (not is_far and away >= timedelta(minutes=1))
    assert said.endswith("2026") == is_far


def test_the_exact_time_is_in_its_own_zone() -> None:
    oslo = NOW.astimezone(timezone(timedelta(hours=1)))

    assert say_exactly(oslo) == "21 Nov 2026, 13:00 UTC+01:00"
    assert 'datetime="2026-11-21T12:00Z"' in when(oslo, NOW)

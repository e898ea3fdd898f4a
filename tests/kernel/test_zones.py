"""Time zones: days and hours on the wall, also where the clock is put forward or back."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.kernel.local.zones import (
    HOUR_MS,
    hours_of,
    local_day,
    read_zone,
    stretches,
    to_ms,
)

ZONES = ("Europe/Oslo", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe")
SPAN_S = st.integers(0, 20 * 366 * 86_400)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Oslo", date(2026, 3, 29), 23),
        ("Europe/Oslo", date(2026, 10, 25), 25),
        ("Europe/Oslo", date(2026, 6, 1), 24),
        ("America/St_Johns", date(2026, 3, 8), 23),
        ("America/St_Johns", date(2026, 11, 1), 25),
        ("Asia/Kathmandu", date(2026, 3, 29), 24),
        ("Pacific/Apia", date(2011, 12, 30), 0),  # the day that Samoa left out
        ("Pacific/Apia", date(2011, 12, 31), 24),
    ],
)
def test_a_day_has_the_hours_that_its_clock_shows(zone: str, day: date, hours: int) -> None:
    found = list(hours_of(stretches(ZoneInfo(zone), day, day)))

    assert len(found) == hours
    assert all(hour.end - hour.start == HOUR_MS for hour in found)


@given(seconds=SPAN_S, zone=st.sampled_from(ZONES))
def test_a_stretch_holds_the_offset_of_each_of_its_moments(seconds: int, zone: str) -> None:
    moment = datetime(2009, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date()
    near = stretches(ZoneInfo(zone), day - timedelta(days=200), day + timedelta(days=200))

    (found,) = [each for each in near if each.start <= to_ms(moment) < each.end]

    assert timedelta(milliseconds=found.offset) == local.utcoffset()
    assert all(one.end == two.start for one, two in itertools.pairwise(near))
    assert local_day(moment, zone) == day.toordinal()


@pytest.mark.parametrize(
    "name",
    ["", "Atlantis", "America", "../etc/passwd", "/etc/localtime", "localtime", "a\0b", "x" * 65],
)
def test_what_is_no_zone_is_none(name: str) -> None:
    assert read_zone(name) is None
    assert local_day(datetime(2026, 11, 21, 23, 59, tzinfo=UTC), name) == local_day(
        datetime(2026, 11, 21, tzinfo=UTC), "UTC"
    )

"""Waves and slots: even, the same for ever, and deaf to the clock's jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.programmes.rules import (
    SLOTS,
    Due,
    Every,
    Moment,
    Programme,
    check_programme,
    find_due,
    find_frozen,
    find_moment,
    idempotency_key,
    slot_at,
    slot_of,
    wave_length,
    wave_of_new_member,
    wave_start,
)

ID = UUID("01890000-0000-7000-8000-000000000001")
EVERY: tuple[Every, ...] = ("week", "month", "quarter", "half_year", "year", "once")
RECURRING = EVERY[:-1]


def programme(**changes: Any) -> Programme:
    values: dict[str, Any] = {
        "key": "nps_quarterly",
        "survey": "nps",
        "touchpoint": "relationship.quarterly",
        "channel": "email",
        "every": "quarter",
        "starts_on": date(2026, 1, 1),
        "spread_days": None,
        "timezone": "UTC",
        "is_active": True,
    }
    return Programme(**{**values, **changes})


def utc(year: int, month: int, day: int, *time: int) -> datetime:
    return datetime(year, month, day, *time[:3], tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "third"),
    [
        ("week", utc(2026, 1, 15)), ("month", utc(2026, 3, 1)), ("quarter", utc(2026, 7, 1)),
        ("half_year", utc(2027, 1, 1)), ("year", utc(2028, 1, 1)),
    ],
)  # fmt: skip
def test_waves_follow_each_other_by_the_calendar(every: Every, third: datetime) -> None:
    assert wave_start(programme(every=every), 3) == third


def test_a_wave_begins_at_local_midnight_through_the_change_of_clocks() -> None:
    oslo = programme(every="week", starts_on=date(2026, 3, 24), timezone="Europe/Oslo")

    assert wave_start(oslo, 1) == utc(2026, 3, 23, 23)
    assert wave_start(oslo, 2) == utc(2026, 3, 30, 22)
    assert wave_length(oslo, 1) == timedelta(days=7, hours=-1)


def test_the_last_day_of_a_month_stays_the_last_and_the_leap_day_comes_back() -> None:
    monthly = programme(every="month", starts_on=date(2028, 1, 31))
    yearly = programme(every="year", starts_on=date(2028, 2, 29))

    assert [wave_start(monthly, wave).day for wave in (1, 2, 3, 4)] == [31, 29, 31, 30]
    assert [wave_start(yearly, wave).date() for wave in (2, 5)] == [
        date(2029, 2, 28), date(2032, 2, 29),
    ]  # fmt: skip


def test_nothing_is_due_before_the_first_midnight() -> None:
    oslo = programme(timezone="Europe/Oslo")

    assert find_moment(oslo, utc(2025, 12, 31, 22, 59, 59)) == Moment(0, -1)
    assert find_due(oslo, utc(2025, 12, 31, 22, 59, 59)) == []
    assert find_moment(oslo, utc(2025, 12, 31, 23)) == Moment(1, 0)


@given(
    every=st.sampled_from(RECURRING),
    start=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    zone=st.sampled_from(["UTC", "Europe/Oslo", "America/Sao_Paulo", "Pacific/Apia"]),
    hours=st.integers(0, 24 * 3650),
)
def test_every_instant_lies_in_exactly_one_wave(
    every: Every, start: date, zone: str, hours: int
) -> None:
    made = programme(every=every, starts_on=start, timezone=zone)
    now = wave_start(made, 1) + timedelta(hours=hours)

    wave, slot = find_moment(made, now)

    assert wave_start(made, wave) <= now < wave_start(made, wave + 1)
    assert 0 <= slot < SLOTS


@given(
    every=st.sampled_from(EVERY),
    slot=st.integers(0, SLOTS - 1),
    spread=st.none() | st.integers(1, 7),
    wave=st.integers(1, 20),
)
def test_a_slot_is_due_at_its_moment_and_not_before(
    every: Every, slot: int, spread: int | None, wave: int
) -> None:
    made = programme(every=every, spread_days=spread)
    wave = 1 if every == "once" else wave
    at = slot_at(made, wave, slot)

    before = find_moment(made, at - timedelta(microseconds=1))

    assert find_moment(made, at) >= Moment(wave, slot)
    assert before < Moment(wave, slot)


def test_slots_are_spread_evenly_by_a_chi_square_test() -> None:
    buckets = [0] * 20
    for number in range(10_000):
        buckets[slot_of(ID, f"customer-{number}") * 20 // SLOTS] += 1

    chi_square = sum((count - 500) ** 2 / 500 for count in buckets)
    assert chi_square < 43.8  # 19 degrees of freedom, p = 0.001


def test_a_slot_is_the_same_for_ever_and_another_in_another_programme() -> None:
    assert slot_of(ID, "customer-1") == slot_of(ID, "customer-1") == 690_503
    assert slot_of(ID, "customer-1") != slot_of(uuid4(), "customer-1")


def test_the_idempotency_key_fits_and_tells_programme_wave_and_person_apart() -> None:
    keys = {
        idempotency_key(programme_id, wave, name)
        for programme_id in (ID, uuid4())
        for wave in (1, 2)
        for name in ("a", "b", "x" * 200)
    }

    assert len(keys) == 12
    assert max(map(len, keys)) <= 128


def test_a_straggler_is_asked_for_the_wave_before_only_while_their_own_turn_is_far() -> None:
    made = programme(every="quarter")
    early, late = utc(2026, 4, 2), utc(2026, 6, 1)

    assert [due.wave for due in find_due(made, early)] == [2, 1]
    assert find_due(made, early)[1].first > SLOTS // 2
    assert find_due(made, late) == [Due(2, 0, find_moment(made, late).slot)]


def test_a_short_spread_leaves_no_stragglers_to_be_asked_twice_in_a_row() -> None:
    made = programme(every="quarter", spread_days=3)

    assert [due.wave for due in find_due(made, utc(2026, 4, 1, 1))] == [2]


@given(slot=st.integers(0, SLOTS - 1), days=st.integers(-5, 400))
def test_a_new_member_waits_for_their_own_slot(slot: int, days: int) -> None:
    made = programme()
    now = wave_start(made, 1) + timedelta(days=days, hours=7)

    joined = wave_of_new_member(made, slot, now)

    due = [d for d in find_due(made, now) if d.first <= slot <= d.last and joined < d.wave]
    assert due == []
    assert slot_at(made, joined + 1, slot) > now


def test_who_joins_a_programme_that_asks_once_is_asked_at_once() -> None:
    made = programme(every="once", spread_days=2)

    assert wave_of_new_member(made, 0, utc(2027, 1, 1)) == 0
    assert find_due(made, utc(2027, 1, 1)) == [Due(1, 0, SLOTS - 1)]


@pytest.mark.parametrize(
    ("change", "path", "code", "limit"),
    [
        ({"timezone": "Europe/Olso"}, "$.timezone", "timezone_unknown", None),
        ({"timezone": "../../etc/passwd"}, "$.timezone", "timezone_unknown", None),
        ({"spread_days": 0}, "$.spread_days", "out_of_range", 1),
        ({"spread_days": 91}, "$.spread_days", "out_of_range", 90),
        ({"every": "week", "spread_days": 8}, "$.spread_days", "out_of_range", 7),
        ({"starts_on": date(1999, 1, 1)}, "$.starts_on", "out_of_range", "2000-01-01"),
        ({"starts_on": date(2200, 1, 1)}, "$.starts_on", "out_of_range", "2199-12-31"),
    ],
)
def test_what_makes_no_programme_is_named_with_its_limit(
    change: dict[str, Any], path: str, code: str, limit: int | str | None
) -> None:
    (problem,) = check_programme(programme(**change))

    assert (problem.path, problem.code, problem.limit) == (path, code, limit)
    assert list(check_programme(programme())) == []


def test_what_says_which_wave_is_which_is_frozen() -> None:
    changed = programme(every="month", starts_on=date(2026, 2, 1), timezone="Europe/Oslo")

    found = [problem.path for problem in find_frozen(programme(), changed)]

    assert found == ["$.every", "$.starts_on", "$.timezone"]
    assert list(find_frozen(programme(), programme(spread_days=5, channel="sms"))) == []

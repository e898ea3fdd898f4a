"""Which responses of one place are looked at, and what is known of a device."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from harken_server.channels.receipts.rules.repeats import DeviceAnswer, device_keys, suspects

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINE = ("today", "yesterday")


def seen(device: str, place: str = "till:1", **ago: float) -> DeviceAnswer:
    return DeviceAnswer(uuid4(), place, device, uuid4(), uuid4(), NOW - timedelta(**ago))


def test_three_of_one_device_within_a_day_are_looked_at_and_two_are_not() -> None:
    two = [seen("today", hours=1), seen("yesterday", hours=20), seen("another", hours=2)]

    assert suspects(two, MINE, NOW) == {}
    third = seen("today")
    assert suspects([*two, third], MINE, NOW) == {"same_device": [two[0], two[1], third]}
    assert suspects([two[0], seen("today", hours=25), third], MINE, NOW) == {}


def test_six_within_five_minutes_are_looked_at_but_not_at_a_sign() -> None:
    at_till = [seen(str(i), seconds=30 * i) for i in range(6)]
    at_sign = [seen(str(i), place="code:A", seconds=30 * i) for i in range(6)]

    assert suspects(at_till[:5], MINE, NOW) == {}
    assert suspects(at_till, MINE, NOW) == {"velocity": at_till}
    assert suspects(at_sign, MINE, NOW) == {}


def test_more_of_one_device_than_a_till_prints_is_set_apart() -> None:
    mine = [seen("today", seconds=30 * i) for i in range(6)]
    named = [seen("today", place="store:1", seconds=30 * i) for i in range(6)]

    assert suspects(mine, MINE, NOW)["many_receipts"] == mine
    assert "many_receipts" not in suspects([*mine[:5], seen("other")], MINE, NOW)
    assert "many_receipts" not in suspects(named, MINE, NOW)


def test_a_device_is_another_each_day_and_for_each_key() -> None:
    today, yesterday = device_keys(b"k", NOW, "192.0.2.1", "phone")

    assert today != yesterday
    assert device_keys(b"k", NOW + timedelta(days=1), "192.0.2.1", "phone")[1] == today
    others = [
        device_keys(b"other", NOW, "192.0.2.1", "phone")[0],
        device_keys(b"k", NOW, "192.0.2.2", "phone")[0],
        device_keys(b"k", NOW, "192.0.2.1", "tablet")[0],
    ]
    assert today not in others

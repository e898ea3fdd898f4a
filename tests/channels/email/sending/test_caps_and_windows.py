"""Mail waits for the respondent's daytime and for the next day when the cap is reached."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from mail_sink import Sink
from mail_steps import PostOffice

from harken_server.deliveries.times import find_zone, next_in_window, parse_window
from harken_server.kernel.work_outcomes import Done, Later


@pytest.mark.parametrize(
    ("now", "window", "zone", "expected"),
    [
        ("2026-11-21T12:00Z", "08:00-20:00", None, "2026-11-21T12:00Z"),
        ("2026-11-21T07:59Z", "08:00-20:00", None, "2026-11-21T08:00Z"),
        ("2026-11-21T20:00Z", "08:00-20:00", None, "2026-11-22T08:00Z"),
        ("2026-11-21T12:00Z", "08:00-20:00", "Asia/Tokyo", "2026-11-21T23:00Z"),
        ("2026-11-21T12:00Z", "08:00-20:00", "America/Los_Angeles", "2026-11-21T16:00Z"),
        ("2026-11-21T12:00Z", "08:00-20:00", "Asia/Kathmandu", "2026-11-21T12:00Z"),
        ("2026-11-21T12:00Z", "08:00-20:00", "No/Such_Zone", "2026-11-21T12:00Z"),
        ("2026-11-21T12:00Z", "08:00-20:00", "../../etc/passwd", "2026-11-21T12:00Z"),
        # over midnight
        ("2026-11-21T12:00Z", "22:00-06:00", None, "2026-11-21T22:00Z"),
        ("2026-11-21T23:30Z", "22:00-06:00", None, "2026-11-21T23:30Z"),
        ("2026-11-21T05:59Z", "22:00-06:00", None, "2026-11-21T05:59Z"),
        # clocks go forward in Berlin on 29 March 2026 at 01:00 UTC, back on 25 October
        ("2026-03-28T23:00Z", "08:00-20:00", "Europe/Berlin", "2026-03-29T06:00Z"),
        ("2026-03-27T23:00Z", "08:00-20:00", "Europe/Berlin", "2026-03-28T07:00Z"),
        ("2026-10-24T23:00Z", "08:00-20:00", "Europe/Berlin", "2026-10-25T07:00Z"),
        ("2026-03-29T00:00Z", "02:30-08:00", "Europe/Berlin", "2026-03-29T01:30Z"),
        ("2026-03-29T00:00Z", "02:10-02:40", "Europe/Berlin", "2026-03-30T00:10Z"),
        ("2026-10-25T00:10Z", "02:00-02:30", "Europe/Berlin", "2026-10-25T00:10Z"),
    ],
)
def test_the_next_moment_of_a_window_is_that_of_the_wall_clock(
    now: str, window: str, zone: str | None, expected: str
) -> None:
    at = datetime.fromisoformat(now)
    opens = next_in_window(at, parse_window(window), find_zone(zone))
    assert opens.astimezone(UTC) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("text", ["8-20", "08:00-08:00", "08:60-20:00", "24:00-06:00", "", "08:00"])
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be hours such as"):
        parse_window(text)


async def test_mail_waits_for_the_respondents_morning(office: PostOffice, sink: Sink) -> None:
    await office.db.execute(
        "INSERT INTO respondent (workspace_id, respondent, timezone, traits, updated_at)"
        " VALUES ($1, 'ada', 'Asia/Tokyo', '{}', $2)",
        office.home,
        office.clock(),
    )
    await office.invite()
    (item,) = await office.claim()
    async with office.mailroom(sink) as mailroom:
        outcome = await mailroom.send(item)

    assert isinstance(outcome, Later)
    assert outcome.due_at == datetime(2026, 11, 21, 23, tzinfo=UTC)
    delivery = await office.only()
    assert (delivery.state, delivery.attempts, delivery.due_at) == ("queued", 0, outcome.due_at)
    assert sink.seen == []


async def test_no_more_than_the_cap_is_sent_in_a_day_by_however_many(
    office: PostOffice, sink: Sink
) -> None:
    for number in range(8):
        await office.invite(f"a{number}@example.com", f"r{number}")
    items = await office.claim()
    async with office.mailroom(sink, HARKEN_MAIL_DAILY_CAP="3") as mailroom:
        outcomes = await asyncio.gather(*(mailroom.send(item) for item in items))

    assert len(sink.kept) == 3
    assert outcomes.count(Done()) == 3
    waiting = [outcome for outcome in outcomes if isinstance(outcome, Later)]
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    assert [outcome.due_at for outcome in waiting] == [midnight] * 5
    office.clock.now = midnight
    async with office.mailroom(
        sink, HARKEN_MAIL_DAILY_CAP="3", HARKEN_MAIL_WINDOW="00:00-24:00"
    ) as mailroom:
        await asyncio.gather(*(mailroom.send(item) for item in items))
    assert len(sink.kept) == 6

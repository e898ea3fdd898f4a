"""A response counts on the day on which it was answered, however late it arrives."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from dimension_steps import differences

PATH = "/v1/surveys/post_purchase"
HOUR, DAY = 3_600_000, 86_400_000


@pytest.fixture
async def old(live: Api) -> Api:
    """A survey that was published sixty days ago."""
    live.clock.now += timedelta(days=60)
    return live


async def stored(api: Api, **fields: Any) -> dict[str, Any]:
    """What is stored of a submission that says this."""
    receipt = await api.submit({"recommend": 9}, **fields)
    assert receipt.status_code == 201, receipt.text
    return (await api.http.get(f"{PATH}/responses/{receipt.json()['id']}")).json()


async def n_on(api: Api, day: datetime) -> int:
    """How many ratings count on a day."""
    of = f"{day:%Y-%m-%d}"
    return (await api.score(**{"from": of, "to": of}))["n"]


def at(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("waited", [2 * HOUR, 26 * HOUR, 6 * DAY, 30 * DAY])
async def test_what_waited_counts_on_the_day_of_answering(old: Api, waited: int) -> None:
    now = old.clock.now

    item = await stored(old, waited_ms=waited)

    answered = now - timedelta(milliseconds=waited)
    assert (item["submitted_at"], item["answered_at"]) == (at(now), at(answered))
    assert item["completed_at"] == item["submitted_at"]
    assert await n_on(old, answered) == 1
    assert await n_on(old, now) == (answered.date() == now.date())
    assert await differences(old) == []


@pytest.mark.parametrize(
    "waited",
    [None, 0, 999, -1, -3 * HOUR, -400 * DAY, 30 * DAY + 1, 20_000 * DAY, 1e300],
    ids=lambda waited: f"{waited}",
)
async def test_a_wait_that_cannot_be_counts_on_the_day_of_arrival(
    old: Api, waited: float | None
) -> None:
    """A clock that was set while it waited puts it into the future, or before any answer."""
    item = await stored(old, waited_ms=waited)

    assert item["answered_at"] == item["submitted_at"] == at(old.clock.now)
    assert await n_on(old, old.clock.now) == 1


async def test_nothing_was_answered_before_its_survey_was_published(live: Api) -> None:
    live.clock.now += timedelta(days=3)

    inside = await stored(live, waited_ms=3 * DAY)
    before = await stored(live, waited_ms=3 * DAY + 1)

    assert inside["answered_at"] == at(live.clock.now - timedelta(days=3))
    assert before["answered_at"] == at(live.clock.now)


@pytest.mark.parametrize(("waited", "days"), [(59_999, 0), (60_000, 0), (60_001, 1)])
async def test_midnight_parts_the_days_to_the_millisecond(old: Api, waited: int, days: int) -> None:
    old.clock.now = old.clock.now.replace(hour=0, minute=1, second=0, microsecond=0)

    await stored(old, waited_ms=waited)

    assert await n_on(old, old.clock.now - timedelta(days=days)) == 1


async def test_a_repeat_that_waited_longer_is_the_same_submission(old: Api) -> None:
    identity = str(uuid4())
    first = await old.submit({"recommend": 9}, id=identity, waited_ms=DAY)
    old.clock.now += timedelta(days=2)

    again = await old.submit({"recommend": 9}, id=identity, waited_ms=3 * DAY)
    bare = await old.submit({"recommend": 9}, id=identity)

    assert again.content == bare.content == first.content
    assert (await old.score())["n"] == 1


async def test_a_later_sequence_moves_nothing_to_another_day(old: Api) -> None:
    identity = str(uuid4())
    began = old.clock.now - timedelta(days=2)
    await old.submit({"recommend": 9}, id=identity, complete=False, waited_ms=2 * DAY)
    old.clock.now += timedelta(days=1)

    item = await stored(old, id=identity, sequence=2, waited_ms=HOUR)

    assert (item["complete"], item["answered_at"]) == (True, at(began))
    assert await n_on(old, began) == 1
    assert await differences(old) == []


async def test_files_list_it_by_the_same_day_with_both_times(old: Api) -> None:
    started = old.clock.now - timedelta(days=2, seconds=30)
    item = await stored(old, waited_ms=2 * DAY, started_at=at(started))
    day = item["answered_at"][:10]

    for period, lines in ((day, 1), (item["submitted_at"][:10], 0)):
        params = {"from": period, "to": period}
        csv = (await old.http.get(f"{PATH}/export.csv", params=params)).text.splitlines()
        jsonl = (await old.http.get(f"{PATH}/export.jsonl", params=params)).text.splitlines()
        assert (len(csv) - 1, len(jsonl)) == (lines, lines)
    everything = (await old.http.get(f"{PATH}/export.csv")).text.splitlines()
    row = dict(zip(everything[0].split(","), everything[1].split(","), strict=True))
    assert row["answered_at"][:19] == item["answered_at"][:19]
    assert row["submitted_at"][:19] == item["submitted_at"][:19]
    assert row["duration_s"] == "30"


async def test_a_wait_is_a_number(old: Api) -> None:
    reply = await old.submit({"recommend": 9}, waited_ms="long")

    assert reply.status_code == 422
    assert "waited_ms" in reply.text

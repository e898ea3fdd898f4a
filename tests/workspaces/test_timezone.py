"""A workspace counts days by its own time zone: from when it says so, and on every surface."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from api_client import Api, problem_codes
from dimension_steps import differences
from signed_in import sign_in

SURVEY = "/v1/surveys/post_purchase"


async def declare(api: Api, name: str) -> None:
    reply = await api.http.put("/v1/timezone", json={"timezone": name})
    assert (reply.status_code, reply.json()) == (200, {"timezone": name}), reply.text


async def n_on(api: Api, day: str) -> tuple[int, int]:
    """How many ratings count on a day, and how many responses its export lists."""
    of = {"from": day, "to": day}
    listed = (await api.http.get(f"{SURVEY}/export.csv", params=of)).text
    return (await api.score(**of))["n"], len(list(csv.DictReader(io.StringIO(listed))))


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Oslo", datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "2026-11-22"),
        ("Europe/Oslo", datetime(2026, 11, 21, 22, 59, tzinfo=UTC), "2026-11-21"),
        ("America/St_Johns", datetime(2026, 11, 22, 3, 29, tzinfo=UTC), "2026-11-21"),
        ("Asia/Kathmandu", datetime(2026, 11, 21, 18, 15, tzinfo=UTC), "2026-11-22"),
        ("Pacific/Apia", datetime(2026, 11, 21, 11, 0, tzinfo=UTC), "2026-11-22"),
    ],
)
async def test_an_answer_counts_on_its_local_day(
    live: Api, zone: str, moment: datetime, day: str
) -> None:
    await declare(live, zone)
    live.clock.now = moment

    await live.submit({"recommend": 9})

    assert await n_on(live, day) == (1, 1)
    trend = (await live.http.get(f"{SURVEY}/trends", params={"period": "day"})).json()
    assert [point["period"] for point in trend["trends"][0]["points"]] == [day]
    assert await differences(live) == []


async def test_another_zone_counts_from_then_on_and_leaves_the_past(live: Api) -> None:
    live.clock.now = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    await live.submit({"recommend": 9})
    await declare(live, "Asia/Kathmandu")
    await live.submit({"recommend": 2})

    assert await n_on(live, "2026-11-21") == (1, 1)
    assert await n_on(live, "2026-11-22") == (1, 1)
    assert await differences(live) == []


async def test_a_later_page_of_a_response_stays_on_the_day_of_the_first(live: Api) -> None:
    live.clock.now = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    await declare(live, "Europe/Oslo")
    first = {"id": "7a1c5a52-7f5c-4f39-9c3e-6f0e7d2b9a11", "complete": False, "resume": "s" * 32}
    await live.submit({"recommend": 9}, **first)
    live.clock.move(hours=2)
    await live.submit({"reason": "price"}, **first | {"sequence": 2, "complete": True})

    assert await n_on(live, "2026-11-21") == (1, 1)
    assert await n_on(live, "2026-11-22") == (0, 0)
    assert await differences(live) == []


@pytest.mark.parametrize("name", ["Europe/Atlantis", "localtime", "../../etc/passwd"])
async def test_a_zone_that_nobody_knows_is_refused(live: Api, name: str) -> None:
    reply = await live.http.put("/v1/timezone", json={"timezone": name})

    assert (reply.status_code, problem_codes(reply)) == (422, ["timezone_unknown"])
    assert "Europe/Oslo" in reply.text
    assert (await live.http.get("/v1/timezone")).json() == {"timezone": "UTC"}


async def test_the_console_changes_it_and_pages_follow(live: Api) -> None:
    owner = await sign_in(live)
    live.clock.now = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

    refused = await owner.post("/settings/timezone", timezone="Oslo")
    saved = await owner.post("/settings/timezone", timezone="Europe/Oslo")
    await live.submit({"recommend": 9})
    page = await owner.get("/results/post_purchase")

    assert (refused.status_code, saved.status_code) == (422, 303)
    assert "There is no time zone" in refused.text
    assert "Days are those of Europe/Oslo." in page.text
    assert "22 Nov 2026, 00:30 CET" in page.text
    assert 'value="Europe/Oslo"' in (await owner.get("/settings")).text

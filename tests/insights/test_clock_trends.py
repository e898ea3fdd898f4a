"""Trends by another clock than the counts have: other zones, and hours."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from api_client import Api

from harken_server.database.database import Database
from harken_server.insights.read.clock import (
    Clock,
    read_day_trends,
    read_hour_trends,
    scanned,
)
from harken_server.insights.rules.estimates import USUAL
from harken_server.insights.rules.trends import TrendPoint
from harken_server.responses.response import CountFilter
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.questions.types import Nps
from harken_server.workspaces.workspace import Workspace

Store = Callable[..., Awaitable[None]]
URL = "/v1/surveys/post_purchase/trends"
RECOMMEND = Nps(key="recommend", text="?")
AROUND_CHANGES = [
    ("Europe/Oslo", date(2026, 10, 24), 73),
    ("Europe/Oslo", date(2026, 3, 28), 71),
    pytest.param("America/St_Johns", date(2026, 10, 31), 73, marks=pytest.mark.nightly),
    pytest.param("Asia/Kathmandu", date(2026, 3, 28), 72, marks=pytest.mark.nightly),
    ("Pacific/Apia", date(2011, 12, 29), 48),
]


def answered(points: list[TrendPoint]) -> dict[str, int]:
    return {point.period: point.score.n for point in points if point.score.n}


@pytest.mark.parametrize(("zone", "first", "hours"), AROUND_CHANGES)
async def test_hours_add_up_to_days_and_both_are_those_of_the_wall(
    database: Database, workspace: Workspace, survey_id: UUID, store: Store,
    zone: str, first: date, hours: int,
) -> None:  # fmt: skip
    here, drawn = ZoneInfo(zone), random.Random(7)
    start = datetime(first.year, first.month, first.day, tzinfo=here).astimezone(UTC)
    moments = [
        start + timedelta(minutes=drawn.randrange(-600, hours * 60 + 600)) for _ in range(60)
    ]
    for moment in moments:
        await store(recommend=drawn.randrange(11), received_at=moment)
    hidden = AnswerRow("recommend", rating=9, is_hidden=True)
    await store(hidden, received_at=start + timedelta(hours=1))

    clock = Clock(here, first, first + timedelta(days=2))
    of = scanned(database, workspace.id, survey_id, CountFilter(), clock)
    ((of_hours, by_hour),) = await read_hour_trends(of, [RECOMMEND], USUAL)
    days = await read_day_trends(of, [RECOMMEND], clock, USUAL, "day")
    ((of_days, by_day),) = days.trends

    walls = [moment.astimezone(here) for moment in moments]
    inside = [wall for wall in walls if first <= wall.date() <= first + timedelta(days=2)]
    assert len(by_hour) == hours
    assert of_hours == of_days
    assert of_hours.n == len(inside)
    assert answered(by_day) == counted(wall.date().isoformat() for wall in inside)
    assert answered(by_hour) == counted(
        wall.replace(minute=0).isoformat(timespec="minutes") for wall in inside
    )
    assert len({point.period for point in by_hour}) == hours


def counted(names: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in sorted(names):
        found[name] = found.get(name, 0) + 1
    return found


async def test_the_workspaces_own_zone_is_told_alike_from_counts_and_from_responses(
    live: Api,
) -> None:
    await live.http.put("/v1/timezone", json={"timezone": "Europe/Oslo"})
    for _ in range(30):
        live.clock.move(hours=5)
        await live.submit({"recommend": live.clock.now.hour % 11})
    span = {"from": "2026-11-20", "to": "2026-11-30"}

    by_count = await points(live, period="day", **span)
    by_hour = await points(live, period="hour", **span)
    named = await points(live, period="day", tz="Europe/Oslo", **span)
    other = await points(live, period="day", tz="Europe/Berlin", **span)

    assert by_count == named == other
    sums = counted(name for point in by_hour for name in [point["first_day"]] * point["n"])
    assert sums == {point["period"]: point["n"] for point in by_count if point["n"]}
    assert len(by_hour) == 11 * 24
    assert by_hour[0]["period"] == "2026-11-20T00:00+01:00"


async def points(api: Api, **query: str) -> list[dict[str, Any]]:
    reply = await api.http.get(URL, params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()["trends"][0]["points"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"tz": "Mars/Base", "from": "2026-11-01"}, "no time zone 'Mars/Base'"),
        ({"tz": "Asia/Tokyo"}, "say from"),
        ({"period": "hour"}, "say from"),
        ({"tz": "Asia/Tokyo", "from": "2025-01-01", "to": "2026-11-21"}, "690 days"),
        ({"period": "hour", "from": "2026-11-01", "to": "2026-12-02"}, "32 days"),
        ({"tz": "Asia/Tokyo", "from": "0001-01-01", "to": "0001-01-02"}, "1971"),
        ({"tz": "Asia/Tokyo", "from": "9999-12-31", "to": "9999-12-31"}, "9998"),
    ],
)
async def test_what_would_look_at_too_much_is_refused_with_the_limit(
    live: Api, query: dict[str, str], says: str
) -> None:
    reply = await live.http.get(URL, params=query)

    assert (reply.status_code, reply.json()["code"]) == (400, "bad_parameter")
    assert says in reply.json()["detail"]

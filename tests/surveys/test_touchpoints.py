"""Touchpoints are replaced as a whole, and assigned without losing their settings."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from harken_server.database.database import Database
from harken_server.surveys.published import Touchpoint
from harken_server.surveys.store.touchpoints import (
    assign_touchpoints,
    get_touchpoint,
    list_touchpoints,
    put_touchpoint,
)

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HOME = uuid4()
TILL = Touchpoint(
    key="store.till", survey="visit", sample_rate=0.25, cooldown_days=0, link_ttl_days=7
)


async def test_a_touchpoint_comes_back_as_it_was_put(database: Database) -> None:
    await put_touchpoint(database, HOME, TILL, NOW, uuid4())

    assert await get_touchpoint(database, HOME, "store.till") == TILL


async def test_putting_again_replaces_every_setting(database: Database) -> None:
    await put_touchpoint(database, HOME, TILL, NOW, uuid4())
    changed = Touchpoint(key="store.till", survey=None)

    await put_touchpoint(database, HOME, changed, LATER, uuid4())

    assert await list_touchpoints(database, HOME) == [changed]


async def test_assigning_makes_missing_touchpoints_and_keeps_settings(database: Database) -> None:
    await put_touchpoint(database, HOME, TILL, NOW, uuid4())

    keys = ["store.till", "order.delivered"]
    await assign_touchpoints(database, HOME, "nps", keys, LATER, [uuid4(), uuid4()])

    assert await list_touchpoints(database, HOME) == [
        Touchpoint(key="order.delivered", survey="nps"),
        Touchpoint(
            key="store.till", survey="nps", sample_rate=0.25, cooldown_days=0, link_ttl_days=7
        ),
    ]


async def test_assigning_leaves_other_touchpoints_of_the_survey_alone(database: Database) -> None:
    await put_touchpoint(database, HOME, TILL, NOW, uuid4())

    await assign_touchpoints(database, HOME, "visit", ["web.exit"], LATER, [uuid4()])

    assert await get_touchpoint(database, HOME, "store.till") == TILL


async def test_assigning_nothing_changes_nothing(database: Database) -> None:
    await assign_touchpoints(database, HOME, "visit", [], NOW, [])

    assert await list_touchpoints(database, HOME) == []


async def test_crossing_assignments_do_not_deadlock(database: Database) -> None:
    keys = [f"place.{number}" for number in range(20)]

    await asyncio.gather(
        *(
            assign_touchpoints(database, HOME, survey, order, NOW, [uuid4() for _ in keys])
            for survey, order in (("a", keys), ("b", keys[::-1]), ("c", keys), ("d", keys[::-1]))
        )
    )

    touchpoints = await list_touchpoints(database, HOME)
    assert len(touchpoints) == 20
    assert len({touchpoint.survey for touchpoint in touchpoints}) == 1

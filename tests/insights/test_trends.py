"""Trends read from the counts, on both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from insight_reading import read_trend

from harken_server.database.database import Database
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Nps
from harken_server.workspaces.workspace import Workspace

Store = Callable[..., Awaitable[None]]
RECOMMEND = Nps(key="recommend", text="?")


async def test_a_trend_has_one_point_an_iso_week_with_its_own_n(
    database: Database, workspace: Workspace, survey_id: UUID, store: Store
) -> None:
    await store(recommend=10)
    await store(recommend=9, days_ago=1)
    await store(recommend=0, days_ago=14)

    points = await read_trend(database, workspace.id, survey_id, RECOMMEND, CountFilter())

    found = [(point.period, point.score.n, point.score.score) for point in points]
    assert found == [("2026-W45", 1, -100), ("2026-W46", 0, None), ("2026-W47", 2, 100)]
    assert all(point.score.low is not None for point in points if point.score.n)


async def test_a_trend_can_go_by_day_and_by_month(
    database: Database, workspace: Workspace, survey_id: UUID, store: Store
) -> None:
    await store(recommend=10)
    await store(recommend=9, days_ago=1)

    ids = (workspace.id, survey_id)
    days = await read_trend(database, *ids, RECOMMEND, CountFilter(), period="day")
    months = await read_trend(database, *ids, RECOMMEND, CountFilter(), period="month")

    assert [point.period for point in days] == ["2026-11-20", "2026-11-21"]
    assert [(point.period, point.score.n) for point in months] == [("2026-11", 2)]

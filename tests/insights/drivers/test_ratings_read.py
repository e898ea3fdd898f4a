"""Ratings read from whole responses: what is a rating and what is missing, on both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from harken_server.database.database import Database
from harken_server.insights.rules.drivers.items import Item
from harken_server.insights.rules.drivers.sums import MISSING
from harken_server.insights.store.ratings_sql import read_ratings
from harken_server.responses.response import CountFilter
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.workspaces.workspace import Workspace

Store = Callable[..., Awaitable[None]]
ITEMS = (
    Item("recommend", "recommend", 0, 10),
    Item("parts.price", "parts", 1, 2, (("bad", 1), ("good", 2))),
    Item("service", "service", 1, 5),
)


async def test_what_is_no_rating_is_missing(
    database: Database, workspace: Workspace, survey_id: UUID, store: Store
) -> None:
    await store(AnswerRow("parts", "price", choice="good"), recommend=0, service=5)
    await store(AnswerRow("parts", "price", choice="na"), recommend=10)
    await store(AnswerRow("parts", "price", choice="bad", is_hidden=True), service=6)
    await store(AnswerRow("recommend", rating=4, is_hidden=True), why="Slow.")
    await store(recommend=7, channel="kiosk")

    place = (database, workspace.id, survey_id, ITEMS)
    found = await read_ratings(*place, CountFilter(), most=5)
    kiosk = await read_ratings(*place, CountFilter(channel="kiosk"), most=5)

    assert found is not None
    assert kiosk is not None
    assert sorted(found.tolist()) == sorted(
        [
            [0, 2, 5],
            [10, MISSING, MISSING],
            [MISSING, MISSING, MISSING],
            [MISSING, MISSING, MISSING],
            [7, MISSING, MISSING],
        ]
    )
    assert kiosk.tolist() == [[7, MISSING, MISSING]]
    assert await read_ratings(*place, CountFilter(), most=4) is None


async def test_nobody_answered(database: Database, workspace: Workspace, survey_id: UUID) -> None:
    found = await read_ratings(database, workspace.id, survey_id, ITEMS, CountFilter(), most=5)

    assert found is not None
    assert found.shape == (0, 3)

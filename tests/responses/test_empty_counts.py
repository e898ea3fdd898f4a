"""Counts that add up to nothing go, but those that a writer holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from given_counts import add_counts
from survey_records import add_survey

from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.responses.store import members as store
from harken_server.responses.store.counted import COUNT_TABLES


async def test_counts_that_several_lanes_hold_go_only_when_they_add_up_to_nothing(
    database: Database, make_response: Any
) -> None:
    new = make_response()
    for lane, member, counted in (
        (1, "gone", {"1": 2}), (2, "gone", {"1": -2}), (3, "gone", {}),
        (1, "kept", {"1": 3}), (2, "kept", {"1": -2, "2": 0}), (1, "moved", {"1": 1}),
        (2, "moved", {"1": -1, "2": 1}),
    ):  # fmt: skip
        if database.dialect == "sqlite":
            lane, counted = 0, {} if member == "gone" else {"2": 1}
        await add_counts(
            database, new.survey.number, "q", counted, day=1,
            dimension="store", member=member, lane=lane,
        )  # fmt: skip

    await store.remove_empty(database, new.survey.workspace_id, new.survey.id, ["store"])

    for table in COUNT_TABLES:
        rows = await database.fetch(f"SELECT DISTINCT member FROM {table.name} ORDER BY member")
        assert rows == [("kept",), ("moved",)]


@asynccontextmanager
async def _locked(db: Database, survey_number: int) -> AsyncIterator[None]:
    async with db.transaction() as tx:
        for table in COUNT_TABLES:
            held = f"SELECT 1 FROM {table.name} WHERE survey_number = $1 FOR UPDATE"
            await tx.fetch(held, survey_number)
        yield


async def test_counts_that_a_writer_holds_are_left_alone(postgres_url: str) -> None:
    db = await open_database(postgres_url)
    survey = await add_survey(db, uuid4())
    place = survey.workspace_id, survey.id
    await add_counts(db, survey.number, "q", {}, day=1, dimension="store", member="gone", lane=1)

    async with _locked(db, survey.number):
        await asyncio.wait_for(store.remove_empty(db, *place, ["store"]), 10)
    held = [await db.fetch(f"SELECT member FROM {table.name}") for table in COUNT_TABLES]
    await store.remove_empty(db, *place, ["store"])

    assert held == [[("gone",)]] * len(COUNT_TABLES)
    for table in COUNT_TABLES:
        assert await db.fetch(f"SELECT member FROM {table.name}") == []
    await db.close()

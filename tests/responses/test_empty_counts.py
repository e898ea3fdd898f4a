"""Counts that add up to nothing go, but those that a writer holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from survey_records import add_survey

from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.responses.store import members as store


async def test_counts_that_several_lanes_hold_go_only_when_they_add_up_to_nothing(
    database: Database, make_response: Any
) -> None:
    new = make_response()
    for lane, member, counted in (
        (1, "gone", '{"1":2}'), (2, "gone", '{"1":-2}'), (3, "gone", "{}"),
        (1, "kept", '{"1":3}'), (2, "kept", '{"1":-2,"2":0}'), (1, "moved", '{"1":1}'),
        (2, "moved", '{"1":-1,"2":1}'),
    ):  # fmt: skip
        if database.dialect == "sqlite":
            lane, counted = 0, "{}" if member == "gone" else '{"2":1}'
        await database.execute(
            "INSERT INTO answer_count (survey_number, dimension, member, question,"
            " version, touchpoint, channel, day, lane, counts)"
            " VALUES ($1, 'store', $2, 'q', 1, '', 'web', 1, $3, $4)"
            " ON CONFLICT DO NOTHING",
            new.survey.number, member, lane, counted,
        )  # fmt: skip

    await store.remove_empty(database, new.survey.workspace_id, new.survey.id, ["store"])

    rows = await database.fetch("SELECT DISTINCT member FROM answer_count ORDER BY member")
    assert rows == [("kept",), ("moved",)]


@asynccontextmanager
async def _locked(db: Database, survey_number: int) -> AsyncIterator[None]:
    async with db.transaction() as tx:
        await tx.fetch(
            "SELECT 1 FROM answer_count WHERE survey_number = $1 FOR UPDATE", survey_number
        )
        yield


async def test_counts_that_a_writer_holds_are_left_alone(postgres_url: str) -> None:
    db = await open_database(postgres_url)
    survey = await add_survey(db, uuid4())
    place = survey.workspace_id, survey.id
    await db.execute(
        "INSERT INTO answer_count (survey_number, dimension, member, question,"
        " version, touchpoint, channel, day, lane, counts)"
        " VALUES ($1, 'store', 'gone', 'q', 1, '', 'web', 1, 1, '{}')",
        survey.number,
    )

    async with _locked(db, survey.number):
        await asyncio.wait_for(store.remove_empty(db, *place, ["store"]), 10)
    held = await db.fetch("SELECT member FROM answer_count")
    await store.remove_empty(db, *place, ["store"])

    assert held == [("gone",)]
    assert await db.fetch("SELECT member FROM answer_count") == []
    await db.close()

"""Taking turns holds up callers of one workspace, and nobody of another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from isolation import OURS, SURVEY, THEIRS, add_workspaces, rows_of
from isolation_list import LOCKS

from harken_server.asking.store import decisions_sql as decisions
from harken_server.channels.email import store as mail_store
from harken_server.database import locks
from harken_server.database.database import Database, Transaction
from harken_server.database.opening import open_database
from harken_server.journeys import store as journeys
from harken_server.programmes import store as programmes
from harken_server.segments import store as segments
from harken_server.workspaces.people.store import members

CALLS: dict[str, Callable[[Transaction, UUID], Awaitable[Any]]] = {
    "database.locks.named_lock": lambda tx, w: locks.named_lock(tx, w, "kim"),
    "asking.decisions_sql.take_locks": lambda tx, w: decisions.take_locks(
        tx, w, [["kim"], ["lee", "order-17"]], is_waiting=True
    ),
    "journeys.lock_journeys": lambda tx, w: journeys.lock_journeys(tx, w),
    "email.take_turn": lambda tx, w: mail_store.take_turn(tx, w, SURVEY),
    "programmes.lock_programmes": lambda tx, w: programmes.lock_programmes(tx, w),
    "segments.lock_segments": lambda tx, w: segments.lock_segments(tx, w),
    "workspaces.people.members.lock_members": lambda tx, w: members.lock_members(tx, w),
}
PATIENCE_S = 0.4


@pytest.fixture
async def on_postgres(postgres_url: str) -> Any:
    """On SQLite a transaction is the only writer of all workspaces: there is no lock to share."""
    db = await open_database(postgres_url)
    yield db
    await db.close()


def test_every_lock_is_tried_here() -> None:
    assert set(CALLS) == LOCKS


@pytest.mark.parametrize("name", CALLS)
async def test_a_turn_changes_nothing(database: Database, name: str) -> None:
    await add_workspaces(database)
    rows = [await rows_of(database, workspace) for workspace in (OURS, THEIRS)]

    async with database.transaction() as tx:
        await CALLS[name](tx, OURS)
        await CALLS[name](tx, THEIRS)

    assert [await rows_of(database, workspace) for workspace in (OURS, THEIRS)] == rows


@pytest.mark.parametrize("name", CALLS)
async def test_a_turn_is_held_against_its_own_workspace_only(
    on_postgres: Database, name: str
) -> None:
    async def take(workspace_id: UUID) -> None:
        async with on_postgres.transaction() as tx:
            await CALLS[name](tx, workspace_id)

    async with on_postgres.transaction() as tx:
        await CALLS[name](tx, OURS)

        await asyncio.wait_for(take(THEIRS), 30)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(take(OURS), PATIENCE_S)

    await asyncio.wait_for(take(OURS), 30)


async def test_only_a_turn_of_the_same_workspace_is_refused_to_who_does_not_wait(
    on_postgres: Database,
) -> None:
    async with on_postgres.transaction() as tx, on_postgres.transaction() as other:
        await decisions.take_locks(tx, OURS, [["kim"]], is_waiting=True)

        taken = [
            await decisions.take_locks(other, workspace, [["kim"]], is_waiting=False)
            for workspace in (OURS, THEIRS)
        ]

    assert taken == [[False], [True]]

"""A unit of work is stored whole or not at all, beside others in the same group."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from harken_server.database.database import Database, Transaction
from harken_server.database.failures import ConstraintError
from harken_server.database.opening import open_database
from harken_server.kernel.errors import ConflictError, StorageError
from harken_server.respondents.store.suppressions import suppress

HOME = UUID("019a8f00-0000-7000-8000-000000000001")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def add(tx: Transaction, respondent: str) -> None:
    await suppress(tx, HOME, respondent, reason="manual", now=NOW, new_id=uuid4())


async def kept(db: Database) -> set[str]:
    return {row[0] for row in await db.fetch("SELECT respondent FROM suppression")}


async def test_its_result_comes_back_when_it_is_stored(database: Database) -> None:
    async def work(tx: Transaction) -> int:
        await add(tx, "a")
        row = await tx.fetch_one("SELECT count(*) FROM suppression")
        assert row is not None
        return row[0]

    assert await database.atomic(work) == 1
    assert await kept(database) == {"a"}


async def test_one_that_fails_is_undone_alone(database: Database) -> None:
    async def work(tx: Transaction, number: int) -> None:
        await add(tx, f"{number}")
        if number % 3 == 0:
            raise ConflictError("no")

    outcomes = await asyncio.gather(
        *(database.atomic(lambda tx, n=number: work(tx, n)) for number in range(30)),
        return_exceptions=True,
    )

    failed = {place for place, one in enumerate(outcomes) if isinstance(one, ConflictError)}
    assert failed == set(range(0, 30, 3))
    assert await kept(database) == {f"{number}" for number in range(30) if number % 3}


async def test_a_broken_constraint_has_its_name_inside(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute("INSERT INTO suppression (id) VALUES ($1)", uuid4())

    with pytest.raises(ConstraintError):
        await database.atomic(work)


async def test_units_of_work_that_come_together_share_commits(sqlite_url: str) -> None:
    db = await open_database(sqlite_url)
    before = db.statistics.commits

    await asyncio.gather(*(db.atomic(lambda tx, n=n: add(tx, f"{n}")) for n in range(200)))

    assert db.statistics.commits - before < 50
    assert len(await kept(db)) == 200
    await db.close()


async def test_waiting_for_anything_else_is_an_error_and_not_a_standstill(sqlite_url: str) -> None:
    db = await open_database(sqlite_url)

    async def work(tx: Transaction) -> None:
        await add(tx, "a")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="only its own transaction"):
        await db.atomic(work)
    assert await kept(db) == set()
    await db.close()


async def test_inside_a_transaction_it_would_wait_for_itself(sqlite_url: str) -> None:
    db = await open_database(sqlite_url)

    async with db.transaction():
        with pytest.raises(StorageError, match="wait for itself"):
            await db.atomic(lambda tx: add(tx, "a"))
    await db.close()

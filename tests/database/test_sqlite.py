"""The SQLite writer: grouping, transactions, and what goes wrong in them."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from harken_server.database.database import Database, Transaction
from harken_server.database.failures import ConstraintError, TransactionEndedError
from harken_server.database.opening import open_database
from harken_server.database.sqlite import transactions
from harken_server.database.sqlite.readers import STREAM_NICENESS
from harken_server.database.statistics import Statistics
from harken_server.database.write_kinds import WriteKind
from harken_server.kernel.errors import StorageError

CUPS = "CREATE TABLE cup (name TEXT UNIQUE, size INTEGER NOT NULL DEFAULT 0)"
PARENT = "CREATE TABLE parent (id INTEGER PRIMARY KEY)"
CHILD = "CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
ORPHAN = "INSERT INTO child VALUES (7)"


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    db = await open_database(f"sqlite:///{tmp_path / 'cups.sqlite3'}", readers=2)
    await db.execute(CUPS)
    yield db
    await db.close()


async def add(target: Database | Transaction, name: str) -> None:
    await target.execute("INSERT INTO cup (name) VALUES ($1)", name)


async def names(target: Database | Transaction) -> list[str]:
    return [row[0] for row in await target.fetch("SELECT name FROM cup ORDER BY name")]


async def test_a_bad_statement_in_a_group_fails_alone(db: Database) -> None:
    await add(db, "taken")
    wanted = [f"cup {number}" for number in range(60)]
    wanted[30] = "taken"

    results = await asyncio.gather(*[add(db, name) for name in wanted], return_exceptions=True)

    failed = [place for place, result in enumerate(results) if isinstance(result, Exception)]
    assert failed == [30]
    assert len(await names(db)) == 60


def _add_all(connection: sqlite3.Connection, wanted: Sequence[str], _: Statistics) -> list[str]:
    for name in wanted:
        if name == "unthinkable":
            raise ValueError(name)
        connection.execute("INSERT INTO cup (name) VALUES (?)", (name,))
    return list(wanted)


NAMES: WriteKind[str, str] = WriteKind("names", on_sqlite=_add_all, on_postgres=cast("Any", None))


@pytest.mark.parametrize(
    ("bad", "failure"), [("taken", ConstraintError), ("unthinkable", ValueError)]
)
async def test_a_bad_item_in_a_group_fails_alone_and_takes_nobody_with_it(
    db: Database, bad: str, failure: type[Exception]
) -> None:
    await add(db, "taken")
    wanted = [f"item {number}" for number in range(60)]
    wanted[30] = bad

    results = await asyncio.gather(
        *[db.store(NAMES, name) for name in wanted],
        *[add(db, f"cup {number}") for number in range(5)],
        return_exceptions=True,
    )

    assert [place for place, one in enumerate(results) if isinstance(one, Exception)] == [30]
    assert type(results[30]) is failure
    assert len(await names(db)) == 1 + 59 + 5


async def test_waiting_statements_share_a_commit(db: Database) -> None:
    before = db.statistics.commits

    await asyncio.gather(*[add(db, f"cup {number}") for number in range(200)])

    assert db.statistics.commits - before < 20


async def test_a_transaction_reads_its_own_writes_and_others_do_not(db: Database) -> None:
    async with db.transaction() as tx:
        await add(tx, "mine")
        seen = await names(tx), await names(db)

    assert seen == (["mine"], [])
    assert await names(db) == ["mine"]


async def test_twenty_read_then_write_transactions_at_once_all_succeed(db: Database) -> None:
    await add(db, "count")

    async def increase() -> None:
        async with db.transaction() as tx:
            ((size,),) = await tx.fetch("SELECT size FROM cup")
            await tx.execute("UPDATE cup SET size = $1", size + 1)

    await asyncio.gather(*[increase() for _ in range(20)])

    assert await db.fetch("SELECT size FROM cup") == [(20,)]


async def test_a_task_cancelled_inside_rolls_back_and_the_writer_serves_on(db: Database) -> None:
    entered = asyncio.Event()

    async def linger() -> None:
        async with db.transaction() as tx:
            await add(tx, "lost")
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(linger())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await asyncio.wait_for(add(db, "next"), 5)
    assert await names(db) == ["next"]


async def test_a_task_cancelled_while_it_waits_for_the_writer_does_not_hold_it(
    db: Database,
) -> None:
    async def wait_for_the_writer() -> None:
        async with db.transaction() as tx:
            await add(tx, "lost")

    async with db.transaction():
        waiting = asyncio.create_task(wait_for_the_writer())
        await asyncio.sleep(0)
        assert db.queue_depth == 1
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    await asyncio.wait_for(add(db, "next"), 5)
    assert await names(db) == ["next"]


async def test_gathered_children_write_inside_the_transaction(db: Database) -> None:
    async def fail() -> None:
        async with db.transaction() as tx:
            await asyncio.gather(*[add(tx, f"cup {number}") for number in range(10)])
            assert len(await names(tx)) == 10
            raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        await fail()

    assert await names(db) == []


async def test_a_child_that_outlives_the_transaction_is_told_so(db: Database) -> None:
    go_on = asyncio.Event()

    async def outlive(tx: Transaction) -> None:
        await go_on.wait()
        await add(tx, "late")

    async with db.transaction() as tx:
        child = asyncio.create_task(outlive(tx))
    go_on.set()

    with pytest.raises(TransactionEndedError, match="over: it was committed"):
        await child
    assert await names(db) == []


async def test_a_child_may_begin_a_transaction_of_its_own(db: Database) -> None:
    async def begin() -> None:
        async with db.transaction() as tx:
            await add(tx, "late")

    async with db.transaction():
        child = asyncio.create_task(begin())
    await child

    assert await names(db) == ["late"]


async def test_an_abandoned_transaction_is_rolled_back_after_its_limit(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "ABANDON_AFTER_S", 0.1)

    async def wait_for_itself() -> None:
        async with db.transaction() as tx:
            await add(tx, "lost")
            await asyncio.create_task(add(db, "outside"))  # what the limit is for
            await add(tx, "late")

    with pytest.raises(TransactionEndedError, match=r"abandoned after 0\.1 s"):
        await wait_for_itself()

    assert await names(db) == ["outside"]


async def test_a_commit_that_fails_leaves_no_transaction_behind(db: Database) -> None:
    await db.execute(PARENT)
    await db.execute(CHILD)

    with pytest.raises(StorageError, match="FOREIGN KEY"):
        async with db.transaction() as tx:
            await tx.execute(ORPHAN)

    await add(db, "next")
    assert await names(db) == ["next"]
    assert await db.fetch("SELECT * FROM child") == []


async def test_a_statement_that_fails_at_commit_fails_alone_too(db: Database) -> None:
    await db.execute(PARENT)
    await db.execute(CHILD)

    results = await asyncio.gather(
        *[add(db, f"cup {number}") for number in range(5)],
        db.execute(ORPHAN),
        return_exceptions=True,
    )

    assert [isinstance(result, ConstraintError) for result in results] == [False] * 5 + [True]
    assert len(await names(db)) == 5
    assert await db.fetch("SELECT * FROM child") == []


async def test_a_scan_is_read_by_threads_that_step_back(db: Database) -> None:
    await add(db, "one")

    assert await db.scan("SELECT name FROM cup WHERE name = $1", "one") == [("one",)]
    assert await names(db) == ["one"]

    priorities = {
        thread.name[:-2]: os.getpriority(os.PRIO_PROCESS, thread.native_id or 0)
        for thread in threading.enumerate()
    }
    stepped_back = min(os.getpriority(os.PRIO_PROCESS, 0) + STREAM_NICENESS, 19)
    assert priorities["harken-scanner"] == stepped_back
    assert priorities["harken-reader"] < stepped_back

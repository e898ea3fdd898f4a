"""Our Piccolo engine on SQLite: grouping, transactions, and what goes wrong in them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from piccolo.columns import UUID, Boolean, Integer, Timestamptz, Varchar
from piccolo.table import Table

from harken_server.database.failures import ConstraintError, TransactionEndedError
from harken_server.database.sqlite.connection import SqliteFile
from harken_server.database.sqlite.engine import HarkenSQLiteEngine
from harken_server.kernel.clock import system_clock
from harken_server.kernel.errors import StorageError


class Cup(Table):
    """Something to store."""

    id = UUID(primary_key=True)
    name = Varchar(length=20, unique=True)
    size = Integer(default=0)
    is_clean = Boolean(default=True)
    made_at = Timestamptz()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[HarkenSQLiteEngine]:
    engine = HarkenSQLiteEngine(SqliteFile(str(tmp_path / "cups.sqlite3")), readers=2)
    Cup._meta.db = engine
    await engine.start()
    await Cup.create_table()
    yield engine
    await engine.close()


async def _names() -> list[str]:
    return await Cup.select(Cup.name).order_by(Cup.name).output(as_list=True)


async def test_piccolo_queries_run_and_come_back_typed(engine):
    cup = Cup(name="blue", size=3, made_at=system_clock())
    await cup.save()

    (found,) = await Cup.select()
    await Cup.update({Cup.size: 4}).where(Cup.id == cup.id)

    assert found == {
        "id": cup.id, "name": "blue", "size": 3, "is_clean": True, "made_at": cup.made_at,
    }  # fmt: skip
    assert await Cup.select(Cup.size).first() == {"size": 4}
    assert await Cup.count() == 1
    assert await Cup.delete(force=True).returning(Cup.name) == [{"name": "blue"}]


async def test_a_bad_statement_in_a_group_fails_alone(engine):
    await Cup(name="taken").save()
    names = [f"cup {number}" for number in range(60)]
    names[30] = "taken"

    results = await asyncio.gather(
        *[Cup.insert(Cup(name=name)) for name in names], return_exceptions=True
    )

    failed = [place for place, result in enumerate(results) if isinstance(result, Exception)]
    assert failed == [30]
    assert await Cup.count() == 60


async def test_waiting_statements_share_a_commit(engine):
    before = engine.statistics.commits

    await asyncio.gather(*[Cup.insert(Cup(name=f"cup {number}")) for number in range(200)])

    assert engine.statistics.commits - before < 20


async def test_an_exception_rolls_the_transaction_back(engine):
    with pytest.raises(ValueError, match="changed my mind"):
        await _fail_in_transaction(engine)

    assert await _names() == []
    assert not engine.transaction_exists()


async def _fail_in_transaction(engine: HarkenSQLiteEngine) -> None:
    async with engine.transaction():
        await Cup(name="lost").save()
        raise ValueError("changed my mind")


async def test_a_transaction_reads_its_own_writes_and_others_do_not(engine):
    async with engine.transaction():
        await Cup(name="mine").save()
        inside = await _names()
        outside = await engine.readers.fetch("SELECT name FROM cup", ())

    assert (inside, outside) == (["mine"], [])
    assert await _names() == ["mine"]


async def test_twenty_read_then_write_transactions_at_once_all_succeed(engine):
    await Cup(name="count").save()

    async def increase() -> None:
        async with engine.transaction():
            row = await Cup.select(Cup.size).first()
            await Cup.update({Cup.size: row["size"] + 1}, force=True)

    await asyncio.gather(*[increase() for _ in range(20)])

    assert await Cup.select(Cup.size).first() == {"size": 20}


async def test_a_task_cancelled_inside_rolls_back_and_the_writer_serves_on(engine):
    entered = asyncio.Event()

    async def linger() -> None:
        async with engine.transaction():
            await Cup(name="lost").save()
            entered.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(linger())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await asyncio.wait_for(Cup(name="next").save(), 5)
    assert await _names() == ["next"]


async def test_a_task_cancelled_while_it_waits_for_the_writer_does_not_hold_it(engine):
    async def wait_for_turn() -> None:
        async with engine.transaction():
            await Cup(name="lost").save()

    async with engine.transaction():
        waiting = asyncio.create_task(_without_transaction(engine, wait_for_turn))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    await asyncio.wait_for(Cup(name="next").save(), 5)
    assert await _names() == ["next"]


async def _without_transaction(engine: HarkenSQLiteEngine, work) -> None:
    engine.current_transaction.set(None)
    await work()


async def test_savepoints_undo_a_part(engine):
    async with engine.transaction() as transaction:
        await Cup(name="kept").save()
        savepoint = await transaction.savepoint()
        await Cup(name="undone").save()
        await savepoint.rollback_to()
        named = await transaction.savepoint("named")
        await Cup(name="kept too").save()
        await named.release()

    assert await _names() == ["kept", "kept too"]


async def test_a_nested_transaction_joins_the_outer_one(engine):
    async def fail() -> None:
        async with engine.transaction():
            async with engine.transaction():
                await Cup(name="inner").save()
            raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        await fail()

    assert await _names() == []


async def test_manual_commit_and_rollback_are_kept(engine):
    async with engine.transaction() as transaction:
        await Cup(name="kept").save()
        await transaction.commit()
    async with engine.transaction() as transaction:
        await Cup(name="lost").save()
        await transaction.rollback()

    assert await _names() == ["kept"]


async def test_gathered_children_write_inside_the_transaction(engine):
    async def fail() -> None:
        async with engine.transaction():
            await asyncio.gather(*[Cup(name=f"cup {number}").save() for number in range(10)])
            assert await Cup.count() == 10
            raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        await fail()

    assert await _names() == []


async def test_a_child_that_outlives_the_transaction_is_told_so(engine):
    go_on = asyncio.Event()

    async def outlive() -> None:
        await go_on.wait()
        await Cup(name="late").save()

    async with engine.transaction():
        child = asyncio.create_task(outlive())
    go_on.set()

    with pytest.raises(TransactionEndedError, match="over: it was committed"):
        await child
    assert await _names() == []


async def test_a_child_that_outlives_the_transaction_may_begin_its_own(engine):
    go_on = asyncio.Event()

    async def outlive() -> None:
        await go_on.wait()
        async with engine.transaction():
            await Cup(name="late").save()

    async with engine.transaction():
        child = asyncio.create_task(outlive())
    go_on.set()
    await child

    assert await _names() == ["late"]


async def test_an_abandoned_transaction_is_rolled_back_after_its_limit(engine):
    engine.abandon_after_s = 0.1

    async def wait_for_itself() -> None:
        async with engine.transaction():
            await Cup(name="lost").save()
            await _without_transaction_save(engine)
            await Cup(name="late").save()

    with pytest.raises(TransactionEndedError, match=r"abandoned after 0\.1 s"):
        await wait_for_itself()

    assert await _names() == ["outside"]


async def _without_transaction_save(engine: HarkenSQLiteEngine) -> None:
    """What the limit is for: waiting inside a transaction for a write outside of it."""
    await engine.writer.run(
        lambda connection: connection.execute(
            "INSERT INTO cup (id, name, size, is_clean, made_at) "
            "VALUES (randomblob(16), 'outside', 0, 1, 1772323200000)"
        )
    )


async def test_a_commit_that_fails_leaves_no_transaction_behind(engine):
    await engine.run_ddl("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    await engine.run_ddl(
        "CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
    )

    with pytest.raises(StorageError, match="FOREIGN KEY"):
        async with engine.transaction():
            await engine.run_ddl("INSERT INTO child VALUES (7)")

    assert not engine.transaction_exists()
    await Cup(name="next").save()
    assert await _names() == ["next"]
    assert await engine.readers.fetch("SELECT * FROM child", ()) == []


async def test_a_statement_that_fails_at_commit_fails_alone_too(engine):
    await engine.run_ddl("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    await engine.run_ddl(
        "CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
    )

    results = await asyncio.gather(
        *[Cup.insert(Cup(name=f"cup {number}")) for number in range(5)],
        engine.run_ddl("INSERT INTO child VALUES (7)"),
        return_exceptions=True,
    )

    assert [isinstance(result, ConstraintError) for result in results] == [False] * 5 + [True]
    assert await Cup.count() == 5
    assert await engine.readers.fetch("SELECT * FROM child", ()) == []

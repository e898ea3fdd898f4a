"""Our Piccolo engine on SQLite across loops, threads and processes, and its settings."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from piccolo.columns import UUID, Boolean, Integer, Timestamptz, Varchar
from piccolo.table import Table

from harken_server.database.sqlite.connection import SqliteFile, open_reader, open_writer
from harken_server.database.sqlite.engine import HarkenSQLiteEngine
from harken_server.kernel.errors import OverloadedError, StorageError


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


async def test_batch_reads_one_snapshot_in_chunks(engine):
    await Cup.insert(*[Cup(name=f"cup {number:02}") for number in range(25)])
    sizes: list[int] = []

    async with await Cup.select().order_by(Cup.name).batch(batch_size=10) as batch:
        async for rows in batch:
            if not sizes:
                await Cup(name="late").save()
            sizes.append(len(rows))
            assert all(row["is_clean"] is True for row in rows)

    assert sizes == [10, 10, 5]


async def test_a_second_event_loop_can_use_the_same_engine(engine):
    def in_another_loop() -> list[str]:
        async def work() -> list[str]:
            await Cup(name="elsewhere").save()
            async with engine.transaction():
                await Cup(name="elsewhere too").save()
            return await _names()

        return asyncio.run(work())

    names = await asyncio.to_thread(in_another_loop)

    assert names == ["elsewhere", "elsewhere too"]
    assert await _names() == names


async def test_a_caller_whose_loop_is_gone_does_not_stop_the_writer(engine):
    def abandon() -> None:
        async def leave_at_once() -> None:
            inserts = [Cup.insert(Cup(name=f"cup {number}")).run() for number in range(50)]
            waiting = [asyncio.ensure_future(insert) for insert in inserts]
            await asyncio.sleep(0)
            assert len(waiting) == 50

        asyncio.run(leave_at_once())

    await asyncio.to_thread(abandon)

    await Cup(name="next").save()
    assert "next" in await _names()


async def test_a_clean_stop_removes_the_log(engine):
    await Cup(name="blue").save()
    path = Path(engine.file.path)
    assert path.with_name(path.name + "-wal").exists()

    await engine.close()

    assert sorted(found.name for found in path.parent.iterdir()) == [path.name]
    with pytest.raises(StorageError, match="closed"):
        await Cup(name="late").save()


async def test_too_many_waiting_writes_are_refused(tmp_path):
    engine = HarkenSQLiteEngine(SqliteFile(str(tmp_path / "small.sqlite3")), queue_limit=5)
    await engine.start()
    await engine.run_ddl("CREATE TABLE t (x INTEGER)")

    results = await asyncio.gather(
        *[engine.run_ddl("INSERT INTO t VALUES (1)") for _ in range(100)], return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, OverloadedError)]
    assert refused
    assert await engine.readers.fetch("SELECT count(*) FROM t", ()) == [(100 - len(refused),)]
    await engine.close()


@pytest.mark.parametrize(("synchronous", "level"), [("full", 2), ("normal", 1)])
def test_connections_have_the_settings_that_durability_rests_on(tmp_path, synchronous, level):
    file = SqliteFile(str(tmp_path / "a.sqlite3"), synchronous)
    writer, reader = open_writer(file), open_reader(file)

    found = {
        name: writer.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }

    assert found == {
        "journal_mode": "wal", "synchronous": level, "foreign_keys": 1, "busy_timeout": 5000,
    }  # fmt: skip
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("CREATE TABLE t (x)")
    reader.close()
    writer.close()


@pytest.mark.processes
def test_a_forked_child_starts_its_own_threads(tmp_path):
    program = textwrap.dedent("""
        import asyncio, os, sys
        from harken_server.database.sqlite.connection import SqliteFile
        from harken_server.database.sqlite.engine import HarkenSQLiteEngine

        engine = HarkenSQLiteEngine(SqliteFile(sys.argv[1]))
        asyncio.run(engine.run_ddl("CREATE TABLE t (x INTEGER)"))
        if os.fork() == 0:
            asyncio.run(engine.run_ddl("INSERT INTO t VALUES (1)"))
            os._exit(0)
        assert os.wait()[1] == 0
        asyncio.run(engine.run_ddl("INSERT INTO t VALUES (2)"))
        print(asyncio.run(engine.readers.fetch("SELECT count(*) FROM t", ())))
    """)

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "forked.sqlite3")],
        capture_output=True, text=True, timeout=60, check=True, env=os.environ,
    )  # fmt: skip

    assert done.stdout.strip() == "[(2,)]"


@pytest.mark.processes
def test_a_process_that_never_closes_still_exits(tmp_path):
    program = textwrap.dedent("""
        import asyncio, sys
        from harken_server.database.sqlite.connection import SqliteFile
        from harken_server.database.sqlite.engine import HarkenSQLiteEngine

        async def main():
            engine = HarkenSQLiteEngine(SqliteFile(sys.argv[1]))
            await engine.run_ddl("CREATE TABLE t (x INTEGER)")
            await engine.readers.fetch("SELECT 1", ())
            await engine.get_connection()

        asyncio.run(main())
    """)

    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "open.sqlite3")], timeout=60, check=True
    )


def test_the_version_compares_as_a_number_also_from_3_100_on(tmp_path, monkeypatch):
    engine = HarkenSQLiteEngine(SqliteFile(str(tmp_path / "a.sqlite3")))

    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 100, 0))

    assert engine.get_version_sync() > 3.35

"""SQLite across loops, threads and processes, and the settings of its connections."""

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

from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.database.sqlite.connection import SqliteFile, open_reader, open_writer
from harken_server.kernel.errors import OverloadedError, StorageError

ADD = "INSERT INTO cup VALUES ($1)"


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    db = await open_database(f"sqlite:///{tmp_path / 'cups.sqlite3'}", readers=2, queue_limit=60)
    await db.execute("CREATE TABLE cup (name TEXT)")
    yield db
    await db.close()


async def names(db: Database) -> list[str]:
    return [row[0] for row in await db.fetch("SELECT name FROM cup ORDER BY name")]


async def test_a_second_event_loop_can_use_the_same_database(db: Database) -> None:
    def in_another_loop() -> list[str]:
        async def work() -> list[str]:
            await db.execute(ADD, "elsewhere")
            async with db.transaction() as tx:
                await tx.execute(ADD, "elsewhere too")
            return await names(db)

        return asyncio.run(work())

    found = await asyncio.to_thread(in_another_loop)

    assert found == ["elsewhere", "elsewhere too"]
    assert await names(db) == found


async def test_a_caller_whose_loop_is_gone_does_not_stop_the_writer(db: Database) -> None:
    def abandon() -> None:
        async def leave_at_once() -> None:
            waiting = [asyncio.ensure_future(db.execute(ADD, f"{n}")) for n in range(50)]
            await asyncio.sleep(0)
            assert len(waiting) == 50

        asyncio.run(leave_at_once())

    await asyncio.to_thread(abandon)

    await db.execute(ADD, "next")
    assert "next" in await names(db)


async def test_a_clean_stop_removes_the_log(db: Database, tmp_path: Path) -> None:
    await db.execute(ADD, "blue")
    assert (tmp_path / "cups.sqlite3-wal").exists()

    await db.close()

    with os.scandir(tmp_path) as found:
        assert [file.name for file in found] == ["cups.sqlite3"]
    for late in (db.execute(ADD, "late"), db.fetch("SELECT 1")):
        with pytest.raises(StorageError, match="closed"):
            await late


async def test_too_many_waiting_writes_are_refused(db: Database) -> None:
    results = await asyncio.gather(
        *[db.execute(ADD, f"{number}") for number in range(200)], return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, OverloadedError)]
    assert refused
    assert len(await names(db)) == 200 - len(refused)


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
        from harken_server.database.opening import open_database

        db = asyncio.run(open_database(sys.argv[1]))
        asyncio.run(db.execute("CREATE TABLE t (x INTEGER)"))
        if os.fork() == 0:
            asyncio.run(db.execute("INSERT INTO t VALUES (1)"))
            os._exit(0)
        assert os.wait()[1] == 0
        asyncio.run(db.execute("INSERT INTO t VALUES (2)"))
        print(asyncio.run(db.fetch("SELECT count(*) FROM t")))
    """)

    done = subprocess.run(
        [sys.executable, "-c", program, _url(tmp_path)],
        capture_output=True, text=True, timeout=60, check=True, env=os.environ,
    )  # fmt: skip

    assert done.stdout.strip() == "[(2,)]"


@pytest.mark.processes
def test_a_process_that_never_closes_still_exits(tmp_path):
    program = textwrap.dedent("""
        import asyncio, sys
        from harken_server.database.opening import open_database
        from harken_server.database.sqlite.readers import SqliteSnapshot

        async def main():
            db = await open_database(sys.argv[1])
            await db.execute("CREATE TABLE t (x INTEGER)")
            await db.fetch("SELECT 1")
            await SqliteSnapshot(db.file).fetch("SELECT 1")

        asyncio.run(main())
    """)

    subprocess.run([sys.executable, "-c", program, _url(tmp_path)], timeout=60, check=True)


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'a.sqlite3'}"

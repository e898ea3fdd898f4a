"""Storage that fails: callers hear it by name, nothing is half stored, and it heals by itself."""
# ruff: noqa: ASYNC221, ASYNC240  # short and deliberate: nothing else runs on these loops

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.kernel.errors import StorageError
from harken_server.responses.store.recount import recount
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES


@pytest.fixture
def engine_name() -> str:
    """These failures are SQLite's own."""
    return "sqlite"


async def _limit_pages(db: Database) -> None:
    """Make the file as full as it will ever be, for this connection."""

    def work(connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()

    await db.writer.run(work)


async def test_a_full_database_is_a_storage_failure_and_reads_go_on(database, make_response):
    first = make_response()
    await database.store(RESPONSES, first)
    await _limit_pages(database)
    big = [make_response(context='{"a": "%s"}' % ("x" * 60_000)) for _ in range(5)]

    results = await asyncio.gather(
        *[database.store(RESPONSES, new) for new in big], return_exceptions=True
    )

    assert {type(result) for result in results} == {StorageError}
    assert "the disk is full" in str(results[0])
    assert await get_response(database, first.survey.workspace_id, first.survey.id, first.id)
    assert await database.fetch("SELECT count(*) FROM response") == [(1,)]


async def test_storing_resumes_when_space_returns(database, make_response):
    await _limit_pages(database)
    new = make_response(context='{"a": "%s"}' % ("x" * 60_000))
    with pytest.raises(StorageError):
        await database.store(RESPONSES, new)

    outcome = await database.store(RESPONSES, new)

    assert outcome.kind == "stored"
    assert await recount(database, new.survey.workspace_id, new.survey.id) == []


async def test_a_file_that_may_not_grow_refuses_and_heals_without_a_restart(
    database, make_response
):
    await database.store(RESPONSES, make_response())
    log = Path(database.file.path + "-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    big = make_response(context='{"a": "%s"}' % ("x" * 60_000))
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 4096, hard))
        failures = await asyncio.gather(
            database.store(RESPONSES, big), database.store(RESPONSES, big), return_exceptions=True
        )
        with pytest.raises(StorageError):
            await _fill_in_transaction(database)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    outcome = await database.store(RESPONSES, big)

    assert {type(failure) for failure in failures} == {StorageError}
    assert outcome.kind == "stored"
    assert await recount(database, big.survey.workspace_id, big.survey.id) == []
    assert await database.fetch("PRAGMA integrity_check") == [("ok",)]


async def _fill_in_transaction(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute("CREATE TABLE filler (x BLOB)")
        await tx.execute("INSERT INTO filler VALUES (randomblob(90000))")


async def test_a_lock_held_by_another_process_is_waited_for(database, make_response):
    other = sqlite3.connect(database.file.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(database.store(RESPONSES, make_response()))
    await asyncio.sleep(0.2)

    other.execute("ROLLBACK")
    other.close()

    assert (await waiting).kind == "stored"


async def test_a_file_replaced_while_running_is_refused(database, make_response, tmp_path):
    await database.store(RESPONSES, make_response())
    path = Path(database.file.path)
    path.rename(tmp_path / "moved.sqlite3")

    with pytest.raises(StorageError, match="removed or replaced"):
        await database.store(RESPONSES, make_response())
    with pytest.raises(StorageError, match="removed or replaced"):
        await database.check_writable()

    assert not path.exists()


@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="mounts a tmpfs")
async def test_a_really_full_disk_refuses_and_heals(database, make_response, tmp_path):
    """The same as above with a real file system; the portable tests above run everywhere."""
    disk = tmp_path / "disk"
    disk.mkdir()
    await database.close()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)], check=False
    )
    if mounted.returncode:
        return
    try:
        shutil.copy(database.file.path, disk / "a.sqlite3")
        db = await open_database(f"sqlite:///{disk}/a.sqlite3")
        (disk / "filler").write_bytes(b"x" * 1_200_000)
        outcomes = []
        for _ in range(40):
            try:
                big = make_response(context='{"a": "%s"}' % ("x" * 50_000))
                outcomes.append((await db.store(RESPONSES, big)).kind)
            except StorageError as error:
                outcomes.append("full" if "full" in error.message else error.message)
        (disk / "filler").unlink()
        after = await db.store(RESPONSES, make_response())
        stored = await db.fetch("SELECT count(*) FROM response")
        checked = await db.fetch("PRAGMA integrity_check")
        await db.close()
    finally:
        subprocess.run(["umount", str(disk)], check=True)

    assert set(outcomes) == {"stored", "full"}
    assert after.kind == "stored"
    assert stored == [(outcomes.count("stored") + 1,)]
    assert checked == [("ok",)]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "missing" / "a.sqlite3", "no folder"),
        (lambda folder: folder, "cannot be opened"),
    ],
)
async def test_a_place_that_cannot_be_opened_is_one_clear_line(tmp_path, make, said):
    path = make(tmp_path)

    with pytest.raises(StorageError, match=said) as caught:
        await open_database(f"sqlite:///{path}")

    assert str(path) in caught.value.message
    assert "\n" not in caught.value.message


async def test_a_file_that_is_no_database_is_one_clear_line(tmp_path):
    (tmp_path / "a.sqlite3").write_text("not a database at all " * 50)

    with pytest.raises(StorageError, match="not a SQLite database"):
        await open_database(f"sqlite:///{tmp_path}/a.sqlite3")


async def test_a_server_that_cannot_be_reached_is_one_clear_line(unused_tcp_port):
    started = time.monotonic()

    with pytest.raises(StorageError) as caught:
        await open_database(f"postgresql://harken:secret@127.0.0.1:{unused_tcp_port}/harken")

    assert f"postgresql://harken@127.0.0.1:{unused_tcp_port}/harken" in caught.value.message
    assert "secret" not in caught.value.message
    assert "\n" not in caught.value.message
    assert time.monotonic() - started < 15


async def test_a_database_that_is_not_there_is_one_clear_line(postgres_server):
    with pytest.raises(StorageError, match='"nowhere" does not exist'):
        await open_database(postgres_server("nowhere"))

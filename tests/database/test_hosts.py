"""Several hosts in a URL: one that is silent, refuses or only reads keeps nobody from the other."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest

from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.database.postgres import connection, writer
from harken_server.kernel.errors import StorageError
from harken_server.responses.store.writing import RESPONSES

pytestmark = pytest.mark.postgres

QUICK_S = 3
"""A host that is silent costs a quarter of a second; a machine that is busy is given more."""


@pytest.fixture
def engine_name() -> str:
    """Only PostgreSQL has hosts."""
    return "postgres"


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Takes connections and says nothing, as a machine does that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


class Way:
    """A way to a server that can be silenced: it stays open, and nothing passes any more."""

    def __init__(self, host: str, port: int) -> None:
        self._place = host, port
        self._is_open = asyncio.Event()
        self._is_open.set()
        self._passing: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server

    async def open(self) -> int:
        self._listener = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        return self._listener.sockets[0].getsockname()[1]

    def silence(self) -> None:
        self._is_open.clear()

    async def close(self) -> None:
        self._listener.close()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(*self._place)
        for source, target in ((reader, there[1]), (there[0], writer)):
            self._passing.add(asyncio.create_task(self._pass(source, target)))

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError), contextlib.closing(target):
            while said := await source.read(65536):
                await self._is_open.wait()
                target.write(said)


@pytest.fixture
async def way(database_url: str) -> AsyncIterator[Way]:
    server = urlsplit(database_url)
    way = Way(server.hostname or "", server.port or 5432)
    yield way
    await way.close()


async def _all_of(db: Database, sql: str) -> list[object]:
    return [row async for rows in db.stream(sql) for row in rows]


def _with_first(url: str, *ports: int) -> str:
    user, _, rest = url.partition("@")
    return f"{user}@{''.join(f'127.0.0.1:{port},' for port in ports)}{rest}"


async def test_a_silent_host_that_is_named_first_holds_up_nobody(database_url, silent_port):
    began = time.monotonic()
    db = await open_database(_with_first(database_url, silent_port))
    try:
        await db.check_writable()
        assert await db.fetch("SELECT 1") == [(1,)]
        assert await _all_of(db, "SELECT 1") == [(1,)]
    finally:
        await db.close()
    assert time.monotonic() - began < QUICK_S


async def test_a_host_that_refuses_is_passed_over(database_url, unused_tcp_port):
    db = await open_database(_with_first(database_url, unused_tcp_port))
    await db.check_writable()
    await db.close()


async def test_when_all_hosts_are_silent_the_error_comes_soon_and_names_them(silent_port):
    began = time.monotonic()
    hosts = f"127.0.0.1:{silent_port},localhost:{silent_port}"
    with pytest.raises(StorageError, match=f"{hosts}.*none of the hosts answered within 3 s"):
        await open_database(f"postgresql://me@{hosts}/x")
    assert time.monotonic() - began < 3 * QUICK_S


async def test_of_several_failures_the_one_is_told_that_a_server_explains(
    postgres_server, unused_tcp_port
):
    url = _with_first(postgres_server("nobody_made_this"), unused_tcp_port)
    with pytest.raises(StorageError, match=r"nobody_made_this.*does not exist"):
        await open_database(url)


async def test_hosts_of_which_none_can_be_written_to_are_one_clear_error(database_url, other):
    name = await other.fetchval("SELECT current_database()")
    await other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    server = database_url.partition("@")[2].partition("/")[0]

    with pytest.raises(StorageError, match="target_session_attrs"):
        await open_database(database_url.replace(server, f"{server},{server}"))


async def test_a_server_that_falls_silent_is_left_by_the_writer_and_by_whoever_waits_for_it(
    database_url, way, make_response, monkeypatch
):
    """The way to the first host goes silent; the second is the same server by another way."""
    monkeypatch.setattr(writer, "LOST_AFTER_S", 1)
    db = await open_database(_with_first(database_url, await way.open()), pool_size=2)
    try:
        await db.store(RESPONSES, make_response())
        reading = asyncio.create_task(db.fetch("SELECT 2 FROM pg_sleep(0.5)"))
        exporting = asyncio.create_task(_all_of(db, "SELECT 3 FROM pg_sleep(0.5)"))
        await asyncio.sleep(0.3)
        way.silence()
        began = time.monotonic()

        assert (await db.store(RESPONSES, make_response())).kind == "stored"
        assert await reading == [(2,)]
        with pytest.raises(StorageError):
            await exporting
        assert time.monotonic() - began < 2 * QUICK_S
    finally:
        await db.close()


async def test_a_server_that_falls_silent_after_its_answer_does_not_spoil_the_answer(
    database_url, way, monkeypatch
):
    """A connection goes back to the pool without a question that would never be answered."""
    monkeypatch.setattr(connection, "ACQUIRE_TIMEOUT_S", 0.5)
    db = await open_database(_with_first(database_url, await way.open()), pool_size=1)
    try:
        async with asyncio.timeout(QUICK_S), connection.acquired(db.pool) as one:
            assert await one.fetchval("SELECT 4") == 4
            way.silence()
    finally:
        await db.close()

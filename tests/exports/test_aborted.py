"""A download whose reader goes away lets go of the database at once, wherever it was (A6)."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from api_client import Api

from harken_server.app import create_app
from harken_server.database.postgres import database as postgres_database
from harken_server.database.sqlite import readers
from harken_server.database.sqlite.database import SqliteDatabase
from harken_server.http.long_reads.heavy import HeavyReads

RESPONSES = 40
WITHIN_S = 10


class Leaving:
    """A client that takes so many messages of an answer and is gone."""

    def __init__(self, taken: int) -> None:
        self._left = taken
        self._has_asked = False
        self._gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if not self._has_asked:
            self._has_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, _: Any) -> None:
        """As a connection does whose buffer is full: it waits until it is cut."""
        if not self._left:
            self._gone.set()
            await asyncio.Event().wait()
        self._left -= 1


@pytest.fixture
async def filled(live: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    monkeypatch.setattr(readers, "CHUNK", 5)
    monkeypatch.setattr(postgres_database, "CHUNK", 5)
    for number in range(RESPONSES):
        assert (await live.submit({"recommend": number % 11})).status_code == 201
    return live


@pytest.mark.parametrize("name", ["export.csv", "export.jsonl", "export-link"])
async def test_nothing_is_held_open_after_a_reader_has_gone(filled: Api, name: str) -> None:
    path, query = f"/v1/surveys/post_purchase/{name}", ""
    if name == "export-link":
        parts = urlsplit((await filled.http.post(path)).json()["url"])
        path, query = parts.path, parts.query

    for taken in (0, 1, 2, 3, 6):
        await asyncio.wait_for(_ask(filled, path, query, Leaving(taken)), WITHIN_S)

    async with asyncio.timeout(WITHIN_S):
        while not await _is_let_go(filled):  # noqa: ASYNC110  # nothing tells it
            await asyncio.sleep(0.01)
    async with filled.runtime.of(HeavyReads).turn("download", filled.runtime.home):
        pass  # and the turns were given back


async def _ask(api: Api, path: str, query: str, client: Leaving) -> None:
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "scheme": "http", "http_version": "1.1",
        "headers": [(b"authorization", api.http.headers["authorization"].encode())],
        "client": ("127.0.0.1", 1), "server": ("test", 80), "state": {}, "extensions": {},
    }  # fmt: skip
    application: Callable[..., Any] = create_app(api.runtime)
    await application(scope, client.receive, client.send)


async def _is_let_go(api: Api) -> bool:
    """No thread or connection of a long read, and no moment of the file that is kept."""
    db = api.runtime.db
    if isinstance(db, SqliteDatabase):
        if any(thread.name == "harken-stream" for thread in threading.enumerate()):
            return False
        await api.submit({"recommend": 1})
        with sqlite3.connect(db.file.path) as other:
            busy, *_ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        other.close()
        return not busy
    rows = await db.fetch(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND query LIKE '%ORDER BY r.position%'"
    )
    return rows == [(0,)]


async def test_a_read_that_takes_too_long_is_ended(
    filled: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harken_server.database.sqlite.database.READ_WITHIN_S", 0.05)
    monkeypatch.setattr("harken_server.database.postgres.database.STATEMENT_TIMEOUT_S", 0.05)
    endless = (
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT count(*) FROM n WHERE i < 0"
    )

    with pytest.raises(Exception, match=r"too long|statement timeout|TimeoutError"):
        async with asyncio.timeout(WITHIN_S):
            await anext(filled.runtime.db.stream(endless))

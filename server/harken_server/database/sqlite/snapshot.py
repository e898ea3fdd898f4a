"""Reads of one moment on SQLite: a read transaction with a thread and a connection of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import Any, Literal

from harken_server.database.sqlite.connection import SqliteFile, numbered
from harken_server.database.sqlite.readers import SqliteReadStream
from harken_server.database.transactions import Row
from harken_server.database.values import sqlite_value


class SqliteSnapshot:
    """Every read sees what was committed when the first one began."""

    dialect: Literal["sqlite", "postgres"] = "sqlite"

    def __init__(self, reader: SqliteReadStream) -> None:
        self._reader = reader

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read."""
        found: list[Row] = []
        async with aclosing(self.stream(sql, *params)) as chunks:
            async for rows in chunks:
                found += rows
        return found

    async def stream(self, sql: str, *params: Any, chunk: int = 2000) -> AsyncGenerator[list[Row]]:
        """A read in chunks; the next chunk is read ahead."""
        await self._reader.execute(numbered(sql), [sqlite_value(value) for value in params])
        ahead = self._reader.next_chunk(chunk)
        while rows := await ahead.future:
            ahead = self._reader.next_chunk(chunk)
            yield rows


@asynccontextmanager
async def open_sqlite_snapshot(file: SqliteFile) -> AsyncGenerator[SqliteSnapshot]:
    """A moment of the file, until the block ends."""
    reader = SqliteReadStream(file)
    try:
        await reader.execute("BEGIN")
        yield SqliteSnapshot(reader)
    finally:
        reader.close()

"""Reads of one moment on PostgreSQL: a REPEATABLE READ transaction on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from harken_server.database.locations import PostgresLocation
from harken_server.database.postgres.connection import connect, named_failures
from harken_server.database.transactions import Dialect, Row


class PostgresSnapshot:
    """Every read sees what was committed when the first one began."""

    dialect: Dialect = "postgres"

    def __init__(self, connection: Any, location: PostgresLocation) -> None:
        self._connection = connection
        self._location = location

    async def begin(self) -> None:
        """Before the first read."""
        async with named_failures(self._location):
            await self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read."""
        async with named_failures(self._location):
            return [tuple(row) for row in await self._connection.fetch(sql, *params)]

    async def stream(self, sql: str, *params: Any, chunk: int = 2000) -> AsyncGenerator[list[Row]]:
        """A cursor; the next chunk is read ahead."""
        async with named_failures(self._location):
            cursor = await self._connection.cursor(sql, *params)
            ahead = asyncio.ensure_future(cursor.fetch(chunk))
            try:
                while rows := await ahead:
                    ahead = asyncio.ensure_future(cursor.fetch(chunk))
                    await asyncio.sleep(0)  # asked for before the caller works on these
                    yield [tuple(row) for row in rows]
            finally:
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)


@asynccontextmanager
async def open_postgres_snapshot(location: PostgresLocation) -> AsyncGenerator[PostgresSnapshot]:
    """A moment of the database, until the block ends."""
    connection = await connect(location, statement_limit_s=None)
    try:
        seen = PostgresSnapshot(connection, location)
        await seen.begin()
        yield seen
    finally:
        connection.terminate()

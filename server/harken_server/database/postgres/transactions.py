"""Transactions on PostgreSQL: statements on one connection, and reads of one moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from harken_server.database.database import Dialect, Row, Transaction
from harken_server.database.locations import PostgresLocation
from harken_server.database.postgres.connection import connect, named_failures

CHUNK = 500
"""Rows read at a time: each is a round trip."""


class PostgresTransaction(Transaction):
    """Statements on one connection, until the transaction ends."""

    dialect: Dialect = "postgres"

    def __init__(self, connection: Any, location: PostgresLocation) -> None:
        self.connection = connection
        self._location = location

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows; sees the transaction's own writes."""
        async with named_failures(self._location):
            return [tuple(row) for row in await self.connection.fetch(sql, *params)]

    async def stream(
        self, sql: str, *params: Any, chunk: int | None = None
    ) -> AsyncGenerator[list[Row]]:
        """A cursor; the next chunk is read ahead."""
        async with named_failures(self._location):
            cursor = await self.connection.cursor(sql, *params)
            ahead = asyncio.ensure_future(cursor.fetch(chunk or CHUNK))
            try:
                while rows := await ahead:
                    ahead = asyncio.ensure_future(cursor.fetch(chunk or CHUNK))
                    await asyncio.sleep(0)  # asked for before the caller works on these
                    yield [tuple(row) for row in rows]
            finally:
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)


@asynccontextmanager
async def open_postgres_snapshot(location: PostgresLocation) -> AsyncGenerator[PostgresTransaction]:
    """REPEATABLE READ on a connection of its own: all reads see the moment of the first one."""
    connection = await connect(location, statement_limit_s=None)
    try:
        seen = PostgresTransaction(connection, location)
        await seen.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield seen
    finally:
        connection.terminate()

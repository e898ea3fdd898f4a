"""The database on PostgreSQL: a pool for queries, one connection that stores in groups."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any

from harken_server.database.database import Database, Dialect, Row, T, Transaction, Work
from harken_server.database.locations import PostgresLocation
from harken_server.database.postgres.connection import (
    STATEMENT_TIMEOUT_S,
    PostgresPool,
    acquired,
    connect,
    is_connection_failure,
    named_failures,
)
from harken_server.database.postgres.writer import PostgresWriter
from harken_server.database.write_kinds import Item, Outcome, WriteKind
from harken_server.kernel.errors import StorageError

CHUNK = 200
"""Rows read at a time: each is a round trip, and a millisecond in which nobody else has a turn."""


class PostgresDatabase(Database):
    """One PostgreSQL database; any number of processes may use it."""

    dialect: Dialect = "postgres"

    def __init__(self, url: str, pool: PostgresPool, queue_limit: int) -> None:
        super().__init__(url)
        self.pool = pool
        self._location = pool.location
        self._writer = PostgresWriter(pool.location, self.statistics, queue_limit, pool.leave)

    @classmethod
    async def open(
        cls, url: str, location: PostgresLocation, *, pool_size: int, queue_limit: int
    ) -> PostgresDatabase:
        """Connect; StorageError with one clear line when the server cannot be used."""
        return cls(url, await PostgresPool.open(location, pool_size), queue_limit)

    @property
    def lane(self) -> int:
        """That of the writer; 0 before it first connects."""
        return self._writer.lane

    @property
    def queue_depth(self) -> int:
        """Responses waiting."""
        return self._writer.depth

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read; once more when its connection turns out to be dead."""
        try:
            return await self.execute(sql, *params)
        except StorageError as error:
            cause = error.__cause__
            if cause is None or isinstance(cause, TimeoutError) or not is_connection_failure(cause):
                raise
        return await self.execute(sql, *params)

    async def execute(self, sql: str, *params: Any) -> list[Row]:
        """Run a write; durable when it returns."""
        async with acquired(self.pool) as connection, named_failures(self._location):
            return [tuple(row) for row in await connection.fetch(sql, *params)]

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[PostgresTransaction, None]:
        """A connection of the pool in a READ COMMITTED transaction."""
        async with acquired(self.pool) as connection:
            transaction = connection.transaction()
            async with named_failures(self._location):
                await transaction.start()
            try:
                yield PostgresTransaction(connection, self._location)
            except BaseException:
                with suppress(StorageError):  # the first error is the one to report
                    async with named_failures(self._location):
                        await transaction.rollback()
                raise
            async with named_failures(self._location):
                await transaction.commit()

    async def atomic(self, work: Work[T]) -> T:
        """Run the work in a transaction of its own; durable when it returns."""
        async with self.transaction() as tx:
            return await work(tx)

    async def stream(
        self, sql: str, *params: Any, chunk: int | None = None
    ) -> AsyncGenerator[list[Row]]:
        """A read in chunks on a connection of its own."""
        async with open_postgres_snapshot(self._location, STATEMENT_TIMEOUT_S) as seen:
            with self.pool.using(seen.connection):
                async with aclosing(seen.stream(sql, *params, chunk=chunk)) as chunks:
                    async for rows in chunks:
                        yield rows

    async def store(self, kind: WriteKind[Item, Outcome], item: Item) -> Outcome:
        """Store an item with the next group."""
        return await self._writer.store(kind, item)

    async def clear_erased(self) -> bool:
        """Nothing can be done here that would be certain: see `docs/how-to/erase-a-person.md`."""
        return False

    async def check_writable(self) -> None:
        """Write one row for real."""
        async with acquired(self.pool) as connection, named_failures(self._location):
            if await connection.fetchval("SELECT pg_is_in_recovery()"):
                raise StorageError(f"The database {self._location.shown} is a read-only replica.")
            await connection.execute("UPDATE feed SET position = position WHERE lane = 0")

    async def close(self) -> None:
        """Store what is queued, then close the pool."""
        await self._writer.stop()
        await self.pool.close()


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
async def open_postgres_snapshot(
    location: PostgresLocation, limit_s: float | None = None
) -> AsyncGenerator[PostgresTransaction]:
    """REPEATABLE READ on a connection of its own: all reads see the moment of the first one.

    With a limit the server itself ends a statement that nobody waits for any more.
    """
    limits = {} if limit_s is None else {"statement_timeout": f"{limit_s * 1000:.0f}"}
    connection = await connect(location, statement_limit_s=limit_s, server_settings=limits)
    try:
        seen = PostgresTransaction(connection, location)
        await seen.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield seen
    finally:
        connection.terminate()

"""The database as the rest of storage sees it: the same calls on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from harken_server.database.locations import PostgresLocation, SqliteLocation, parse_location
from harken_server.database.sqlite.connection import SqliteFile, Synchronous
from harken_server.database.statistics import Statistics
from harken_server.database.transactions import Backend, Dialect, Row, T, Transaction, Work
from harken_server.database.write_kinds import Item, Outcome, WriteKind

__all__ = ["Database", "Row", "Transaction", "join_transaction"]


class Database:
    """An open database. SQL takes `$1`, `$2`; UUIDs and aware times may be parameters on both.

    Values come back as the driver has them: see `database.values` to convert. Failures of storage
    raise StorageError, broken constraints ConstraintError.
    """

    def __init__(self, url: str, backend: Backend) -> None:
        self.url = url
        self.backend = backend
        self.dialect: Dialect = backend.dialect

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        readers: int = 4,
        pool_size: int = 10,
        queue_limit: int = 2000,
        synchronous: Synchronous = "full",
    ) -> Database:
        """Open it and check that it can be used; StorageError with one clear line otherwise.

        `readers` are SQLite's reading threads, `pool_size` is PostgreSQL's most connections,
        `queue_limit` the most writes that wait. `synchronous="normal"` may lose the last
        acknowledged commits on power loss.
        """
        location = parse_location(url)
        if isinstance(location, SqliteLocation):
            backend = await _open_sqlite(
                SqliteFile(location.path, synchronous), readers=readers, queue_limit=queue_limit
            )
        else:
            backend = await _open_postgres(location, pool_size=pool_size, queue_limit=queue_limit)
        return cls(url, backend)

    @property
    def queue_depth(self) -> int:
        """Writes waiting."""
        return self.backend.queue_depth

    @property
    def lane(self) -> int:
        """Where this process's changes stand in the feed (`database.lanes`)."""
        return self.backend.lane

    @property
    def statistics(self) -> Statistics:
        """Counters of the response path."""
        return self.backend.statistics

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read, from one snapshot."""
        return await self.backend.fetch(sql, params)

    async def fetch_one(self, sql: str, *params: Any) -> Row | None:
        """The first row of a read, if any."""
        rows = await self.backend.fetch(sql, params)
        return rows[0] if rows else None

    async def execute(self, sql: str, *params: Any) -> list[Row]:
        """Run a write; durable when it returns. Rows of its RETURNING come back."""
        return await self.backend.execute(sql, params)

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Several statements, stored together or not at all; keep it short."""
        return self.backend.transaction()

    async def atomic(self, work: Work[T]) -> T:
        """Run a unit of work, stored whole or not at all; on SQLite with the next group commit.

        `work` is called with the transaction and may await only that; it must not write elsewhere.
        """
        return await self.backend.atomic(work)

    async def store(self, kind: WriteKind[Item, Outcome], item: Item) -> Outcome:
        """Store an item together with all others of its kind that wait; durable when it returns.

        Raises OverloadedError when too many wait, StorageError when the outcome is unknown,
        ConstraintError when the item fits no column.
        """
        return await self.backend.store(kind, item)

    def stream(self, sql: str, *params: Any, chunk: int = 2000) -> AsyncIterator[list[Row]]:
        """A long read in chunks: one snapshot, own connection, flat memory."""
        return self.backend.stream(sql, params, chunk)

    async def check_writable(self) -> None:
        """Raise StorageError when nothing could be written now."""
        await self.backend.check_writable()

    async def close(self) -> None:
        """Finish what is queued, then close; on SQLite the -wal file is gone afterwards."""
        await self.backend.close()


@asynccontextmanager
async def join_transaction(db: Database | Transaction) -> AsyncGenerator[Transaction, None]:
    """The given transaction, left open at the end; or a new one that ends with the block."""
    if not isinstance(db, Database):
        yield db
        return
    async with db.transaction() as tx:
        yield tx


async def _open_sqlite(file: SqliteFile, *, readers: int, queue_limit: int) -> Backend:
    from harken_server.database.sqlite.backend import SqliteBackend

    backend = SqliteBackend(file, readers=readers, queue_limit=queue_limit)
    await backend.start()
    return backend


async def _open_postgres(
    location: PostgresLocation, *, pool_size: int, queue_limit: int
) -> Backend:
    from harken_server.database.postgres.backend import PostgresBackend

    return await PostgresBackend.open(location, pool_size=pool_size, queue_limit=queue_limit)

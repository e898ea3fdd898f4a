"""SQLite behind `Database`: plain SQL on the engine's writer and readers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

from harken_server.database.failures import require_free_space
from harken_server.database.futures import Pending
from harken_server.database.sqlite.connection import SqliteFile, numbered, run
from harken_server.database.sqlite.engine import HarkenSQLiteEngine, WriterTransaction
from harken_server.database.sqlite.routing import runs_alone
from harken_server.database.sqlite.session import Session
from harken_server.database.sqlite.snapshot import open_sqlite_snapshot
from harken_server.database.sqlite.unit_of_work import drive
from harken_server.database.sqlite.writer import QueuedItem
from harken_server.database.transactions import Row, T, Work
from harken_server.database.write_kinds import Item, Outcome, WriteKind
from harken_server.kernel.errors import StorageError


class SqliteTransaction:
    """Statements on the writer, until the transaction ends."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows; sees the transaction's own writes."""
        return await self._session.run(lambda connection: run(connection, numbered(sql), params))

    async def fetch_one(self, sql: str, *params: Any) -> Row | None:
        """The first row, if any."""
        rows = await self.fetch(sql, *params)
        return rows[0] if rows else None

    async def execute(self, sql: str, *params: Any) -> list[Row]:
        """Run a statement; rows of its RETURNING."""
        return await self.fetch(sql, *params)


class SqliteBackend:
    """One SQLite file; exactly one process may write to it."""

    def __init__(self, file: SqliteFile, *, readers: int, queue_limit: int) -> None:
        self.engine = HarkenSQLiteEngine(file, readers=readers, queue_limit=queue_limit)
        self.statistics = self.engine.statistics
        self._writer = self.engine.writer
        self._file = file

    lane = 0

    @property
    def queue_depth(self) -> int:
        """Writes waiting."""
        return self._writer.depth

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Row]:
        """All rows of a read."""
        return await self.engine.readers.fetch(numbered(sql), params)

    async def execute(self, sql: str, params: Sequence[Any]) -> list[Row]:
        """Run a write in the next group; durable when it returns."""
        self._refuse_inside_transaction()
        text = numbered(sql)
        return await self._writer.run(
            lambda connection: run(connection, text, params), is_alone=runs_alone(text)
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[SqliteTransaction, None]:
        """Hold the writer; BEGIN IMMEDIATE."""
        self._refuse_inside_transaction()
        async with WriterTransaction.alone(self.engine) as transaction:
            yield SqliteTransaction(transaction.session)

    async def atomic(self, work: Work[T]) -> T:
        """Run the work on the writer thread, in the next group; durable when it returns."""
        self._refuse_inside_transaction()
        return await self._writer.run(lambda connection: drive(work, connection))

    async def stream(self, sql: str, params: Sequence[Any], chunk: int) -> AsyncIterator[list[Row]]:
        """A read in chunks on a connection of its own."""
        async with (
            open_sqlite_snapshot(self._file) as seen,
            aclosing(seen.stream(sql, *params, chunk=chunk)) as chunks,
        ):
            async for rows in chunks:
                yield rows

    async def store(self, kind: WriteKind[Item, Outcome], item: Item) -> Outcome:
        """Store an item with the next group."""
        reply = Pending()
        self._writer.put(QueuedItem(kind, item, reply))
        return await reply.future

    async def check_writable(self) -> None:
        """Write one row for real, with room for more than that one page."""
        await self.execute("UPDATE feed SET position = position WHERE lane = 0", ())
        await asyncio.to_thread(require_free_space, self._file.path)

    async def close(self) -> None:
        """Finish what is queued; the write-ahead log is emptied and removed."""
        await self.engine.close()

    def _refuse_inside_transaction(self) -> None:
        if self.engine.live_transaction() is not None:
            raise StorageError(
                "A write outside of the transaction that this task has open would wait for itself; "
                "use the transaction's own execute.",
                code="write_inside_transaction",
            )

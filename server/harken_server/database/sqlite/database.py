"""The database on SQLite: the one writer and the readers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any

from harken_server.database.database import READ_WITHIN_S, Database, Dialect, Row, T, Work
from harken_server.database.failures import TransactionEndedError, require_free_space
from harken_server.database.futures import Pending
from harken_server.database.sqlite.connection import SqliteFile, numbered, run
from harken_server.database.sqlite.readers import SqliteReaders, open_sqlite_snapshot
from harken_server.database.sqlite.transactions import Session, drive
from harken_server.database.sqlite.writer import SqliteWriter
from harken_server.database.sqlite.writes import EmptyLog, QueuedItem
from harken_server.database.write_kinds import Item, Outcome, WriteKind
from harken_server.kernel.errors import StorageError

SCANS_AT_ONCE = 2
"""As many as there are turns for long reads, unless somebody sets more (`http.long_reads`)."""


class SqliteDatabase(Database):
    """One SQLite file, written by one process; usable by several event loops and after a fork."""

    dialect: Dialect = "sqlite"

    def __init__(self, url: str, file: SqliteFile, *, readers: int, queue_limit: int) -> None:
        super().__init__(url)
        self.file = file
        self.writer = SqliteWriter(file, self.statistics, queue_limit)
        self.readers = SqliteReaders(file, readers, queue_limit)
        self._scanners = SqliteReaders(file, SCANS_AT_ONCE, queue_limit, is_polite=True)
        self._sessions: dict[asyncio.Task[Any] | None, Session] = {}

    @classmethod
    async def open(
        cls, url: str, file: SqliteFile, *, readers: int, queue_limit: int
    ) -> SqliteDatabase:
        """Open the writing connection and check its settings; raises StorageError."""
        db = cls(url, file, readers=readers, queue_limit=queue_limit)
        await db.writer.run(lambda _: None)
        return db

    @property
    def lane(self) -> int:
        """The only one."""
        return 0

    @property
    def queue_depth(self) -> int:
        """Writes waiting."""
        return self.writer.depth

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read."""
        return await self.readers.fetch(numbered(sql), params)

    async def scan(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read, by a thread that steps back for those that serve requests."""
        return await self._scanners.fetch(numbered(sql), params)

    async def execute(self, sql: str, *params: Any) -> list[Row]:
        """Run a write in the next group; durable when it returns."""
        self._refuse_inside_transaction()
        return await self.writer.run(lambda connection: run(connection, numbered(sql), params))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Session, None]:
        """Hold the writer; BEGIN IMMEDIATE."""
        self._refuse_inside_transaction()
        session, task = await self._begin(), asyncio.current_task()
        self._sessions[task] = session
        try:
            yield session
            await session.end("COMMIT")
        except BaseException:
            with suppress(TransactionEndedError):  # abandoned, which rolled it back
                await session.end("ROLLBACK")
            raise
        finally:
            self._sessions.pop(task, None)
            session.cancel()

    async def atomic(self, work: Work[T]) -> T:
        """Run the work on the writer thread, in the next group; durable when it returns."""
        self._refuse_inside_transaction()
        return await self.writer.run(lambda connection: drive(work, connection))

    async def stream(
        self, sql: str, *params: Any, chunk: int | None = None
    ) -> AsyncGenerator[list[Row]]:
        """A read in chunks on a connection of its own."""
        async with (
            open_sqlite_snapshot(self.file, READ_WITHIN_S) as seen,
            aclosing(seen.stream(sql, *params, chunk=chunk)) as chunks,
        ):
            async for rows in chunks:
                yield rows

    async def store(self, kind: WriteKind[Item, Outcome], item: Item) -> Outcome:
        """Store an item with the next group."""
        reply = Pending()
        self.writer.put(QueuedItem(kind, item, reply))
        return await reply.future

    async def clear_erased(self) -> bool:
        """Empty the write-ahead log; False while a reader still needs it."""
        reply = Pending()
        self.writer.put(EmptyLog(reply))
        return await reply.future

    async def check_writable(self) -> None:
        """Write one row for real, with room for more than that one page."""
        await self.execute("UPDATE feed SET position = position WHERE lane = 0")
        await asyncio.to_thread(require_free_space, self.file.path)

    async def close(self) -> None:
        """Finish what is queued; the write-ahead log is emptied and removed."""
        await self._scanners.stop()
        await self.readers.stop()
        await self.writer.stop()

    async def _begin(self) -> Session:
        session = Session(self.file.path)
        self.writer.put(session)
        try:
            await session.begun.future
        except BaseException:
            session.cancel()
            raise
        return session

    def _refuse_inside_transaction(self) -> None:
        session = self._sessions.get(asyncio.current_task())
        if session is not None and not session.is_ended:
            raise StorageError(
                "A write outside of the transaction that this task has open would wait for itself; "
                "use the transaction's own execute.",
                code="write_inside_transaction",
            )

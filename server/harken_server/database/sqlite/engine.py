"""Piccolo's SQLite engine on our writer and readers instead of a connection per query.

The stock engine opens a connection for each statement, has no write-ahead log and fails under
load with "database is locked". Here writes share one thread and its commits, reads go to threads
whose connections refuse to write, and a transaction takes the writer until it ends.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from piccolo.engine.base import BaseBatch
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from harken_server.database.failures import TransactionEndedError
from harken_server.database.sqlite.connection import SqliteFile, run
from harken_server.database.sqlite.readers import SqliteReaders, SqliteReadStream
from harken_server.database.sqlite.routing import is_read, runs_alone
from harken_server.database.sqlite.session import ABANDON_AFTER_S, Session
from harken_server.database.sqlite.writer import SqliteWriter
from harken_server.database.statistics import Statistics
from harken_server.database.values import from_time, to_time


def _adapt_time(value: datetime) -> str | int:
    """Aware times in our form; naive ones as Piccolo keeps them."""
    return str(value) if value.tzinfo is None else from_time(value)


sqlite3.register_adapter(datetime, _adapt_time)
sqlite3.register_adapter(UUID, lambda value: value.bytes)
sqlite3.register_converter("UUID", lambda value: UUID(bytes=value))
sqlite3.register_converter("TIMESTAMPTZ", lambda value: to_time(int(value)))


class HarkenSQLiteEngine(SQLiteEngine):
    """One writer, `readers` readers; usable from several event loops and after a fork."""

    def __init__(self, file: SqliteFile, *, readers: int = 4, queue_limit: int = 2000) -> None:
        stock: Any = super()
        stock.__init__(path=file.path)
        self.file = file
        self.statistics = Statistics()
        self.writer = SqliteWriter(file, self.statistics, queue_limit)
        self.readers = SqliteReaders(file, readers, queue_limit)
        self.abandon_after_s = ABANDON_AFTER_S

    def get_version_sync(self) -> float:
        """SQLite's version such that 3.100 compares above 3.35."""
        major, minor, _ = sqlite3.sqlite_version_info
        return major + minor / 100

    async def start(self) -> None:
        """Open the writing connection and check its settings; raises StorageError."""
        await self.writer.run(lambda _: None)

    async def close(self) -> None:
        """Finish reads and writes; the write-ahead log is emptied and removed."""
        await self.readers.stop()
        await self.writer.stop()

    def transaction(
        self,
        transaction_type: TransactionType = TransactionType.immediate,
        allow_nested: bool = True,  # Piccolo's signature
    ) -> WriterTransaction:
        """A transaction on the writer; always IMMEDIATE, whatever is asked for."""
        return WriterTransaction(self, transaction_type, allow_nested)

    def live_transaction(self) -> WriterTransaction | None:
        """The transaction that this very task has open, if any."""
        transaction = cast("WriterTransaction | None", self.current_transaction.get())
        if transaction is None or transaction.session.is_ended:
            return None
        return transaction if transaction.owner is asyncio.current_task() else None

    async def get_connection(self) -> Any:
        """A reading connection with a thread of its own; close it after use."""
        return SqliteReadStream(self.file, is_typed=True)

    async def batch(
        self,
        query: Query[Any, Any],
        batch_size: int = 100,
        node: str | None = None,  # noqa: ARG002  # Piccolo's signature
    ) -> Any:
        """Read a query in chunks of dictionaries, from one snapshot."""
        return ReadBatch(await self.get_connection(), query, batch_size)

    async def run_querystring(
        self,
        querystring: QueryString,
        in_pool: bool = False,  # noqa: ARG002  # Piccolo's signature
    ) -> Any:
        """Run a Piccolo query."""
        sql, params = querystring.compile_string(engine_type=self.engine_type)
        return await self._run(sql, params)

    async def run_ddl(
        self,
        ddl: str,
        in_pool: bool = False,  # noqa: ARG002  # Piccolo's signature
    ) -> Any:
        """Run a statement that changes the schema."""
        return await self._run(ddl, ())

    async def _run(self, sql: str, params: Sequence[Any]) -> list[dict[str, Any]]:
        transaction = cast("WriterTransaction | None", self.current_transaction.get())
        if transaction is not None:
            return await transaction.connection.fetch_dicts(sql, params)
        if is_read(sql):
            return await self.readers.run(lambda found: _dicts(found.typed, sql, params))
        return await self.writer.run(
            lambda connection: _dicts(connection, sql, params), is_alone=runs_alone(sql)
        )


class SessionConnection:
    """What Piccolo takes for the connection of a transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def execute(self, sql: str, params: Sequence[Any] = ()) -> list[Any]:
        """Run one statement and return its rows as tuples."""
        return await self._session.run(lambda connection: run(connection, sql, params))

    async def fetch_dicts(self, sql: str, params: Sequence[Any]) -> list[dict[str, Any]]:
        """Run one statement and return its rows as dictionaries."""
        return await self._session.run(lambda connection: _dicts(connection, sql, params))


class WriterTransaction(SQLiteTransaction):
    """Holds the writer from begin to end; nested uses join the outer one, as in Piccolo."""

    __slots__ = ("owner", "session")

    def __init__(
        self,
        engine: HarkenSQLiteEngine,
        transaction_type: TransactionType,
        allow_nested: bool,
    ) -> None:
        super().__init__(engine, transaction_type, allow_nested)
        parent = cast("WriterTransaction | None", self._parent)
        if parent is not None and parent.session.is_ended:
            self._parent = None  # inherited by a task that outlived it

    @classmethod
    def alone(cls, engine: HarkenSQLiteEngine) -> WriterTransaction:
        """A transaction that joins no other, even one inherited from a parent task."""
        transaction = cls(engine, TransactionType.immediate, allow_nested=True)
        transaction._parent = None
        return transaction

    async def __aenter__(self) -> WriterTransaction:
        if self._parent is not None:
            return cast("WriterTransaction", self._parent)
        engine = cast("HarkenSQLiteEngine", self.engine)
        self.owner = asyncio.current_task()
        self.session = Session(engine.file.path, engine.abandon_after_s)
        self.connection = cast("Any", SessionConnection(self.session))
        try:
            engine.writer.put(self.session)
            await self.session.begun.future
        except BaseException:
            self.session.cancel()
            raise
        self.context = engine.current_transaction.set(self)
        return self

    async def commit(self) -> None:
        """Make it durable."""
        await self.session.end("COMMIT")
        self._committed = True

    async def rollback(self) -> None:
        """Undo everything since the beginning."""
        await self.session.end("ROLLBACK")
        self._rolled_back = True

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        if self._parent is not None:
            return exception is None
        try:
            if exception is not None:
                await self._undo()
            elif not self._committed and not self._rolled_back:
                await self.commit()
        finally:
            self.session.cancel()
            self.engine.current_transaction.reset(self.context)
        return exception is None

    async def _undo(self) -> None:
        if self.session.is_ended:
            return
        try:
            await self.rollback()
        except TransactionEndedError:
            return  # abandoned meanwhile, which rolled it back


class ReadBatch(BaseBatch):
    """Piccolo's `batch()`: chunks of one snapshot, read by a thread of their own."""

    def __init__(self, stream: SqliteReadStream, query: Query[Any, Any], batch_size: int) -> None:
        self._stream = stream
        self._query: Any = query
        self._batch_size = batch_size

    async def next(self) -> list[dict[str, Any]]:
        """The next chunk; empty at the end."""
        rows = await self._stream.next_chunk(self._batch_size).future
        names = self._stream.column_names()
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return await self._query._process_results(found)  # noqa: SLF001  # as Piccolo itself

    def __aiter__(self) -> ReadBatch:
        return self

    async def __anext__(self) -> list[dict[str, Any]]:
        rows = await self.next()
        if not rows:
            raise StopAsyncIteration
        return rows

    async def __aenter__(self) -> ReadBatch:  # type: ignore[override]
        sql, params = self._query.querystrings[0].compile_string(engine_type="sqlite")
        await self._stream.execute(sql, params)
        return self

    async def __aexit__(self, *details: object) -> None:
        await self._stream.wait_closed()


def _dicts(connection: sqlite3.Connection, sql: str, params: Sequence[Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, params)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

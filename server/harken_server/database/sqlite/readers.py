"""Threads that read SQLite, each on a connection of its own that refuses to write."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from queue import SimpleQueue
from typing import Any

from harken_server.database.database import READ_WITHIN_S, Dialect, Row
from harken_server.database.failures import closed, from_sqlite, is_storage_failure
from harken_server.database.futures import Pending, deliver
from harken_server.database.sqlite.connection import SqliteFile, numbered, open_reader, run
from harken_server.database.values import sqlite_value
from harken_server.kernel.errors import OverloadedError

STREAM_NICENESS = 15
"""Long reads give way: beside fifty of them submissions take twice, not five times, as long."""
CHUNK = 200
"""Rows read at a time: while more are read, or worked on between two reads, whoever shares the core
waits; with fewer both sides wait for each other too often."""

STEPS_BETWEEN_LOOKS = 20_000
"""Of SQLite's machine, about a millisecond: as often a read looks whether it is to end."""

_Read = Callable[[sqlite3.Connection], Any]
_Reads = SimpleQueue[tuple[_Read | None, Pending | None]]
"""What to do, and who waits for it; nothing to do ends the thread."""


class _Limits:
    """What a thread's connection holds, and when its work must end."""

    def __init__(self, limit_s: float | None = None) -> None:
        self.is_unwanted = False
        self.cursors: list[sqlite3.Cursor] = []
        """Open ones: a connection that is closed under them keeps its moment of the file."""
        self._limit_s = limit_s
        self._ends_at = float("inf")

    def begin(self) -> None:
        """The next piece of work."""
        if self._limit_s is not None:
            self._ends_at = time.monotonic() + self._limit_s

    def open(self, file: SqliteFile) -> sqlite3.Connection:
        """A connection that keeps to the limits."""
        connection = open_reader(file)
        connection.set_progress_handler(self._is_over, STEPS_BETWEEN_LOOKS)
        return connection

    def close(self, connection: sqlite3.Connection) -> None:
        """Let go of the file."""
        for cursor in self.cursors:
            cursor.close()
        self.cursors.clear()
        connection.close()

    def _is_over(self) -> bool:
        return self.is_unwanted or time.monotonic() > self._ends_at


class SqliteReaders:
    """`count` reading threads behind one queue; started with the first read of a process.

    Polite ones step back for all other threads (docs/reference/performance.md).
    """

    def __init__(
        self, file: SqliteFile, count: int, queue_limit: int = 2000, *, is_polite: bool = False
    ) -> None:
        self._file = file
        self._count = count
        self._work, self._name = _serve, "harken-reader"
        if is_polite:
            self._work, self._name = _serve_politely, "harken-scanner"
        self._queue_limit = queue_limit
        self._reset()

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Any]:
        """All rows of one statement, which sees one snapshot."""
        if self._process_id != os.getpid():
            self._reset()
        if self._is_stopped:
            raise closed()
        if self._queue.qsize() >= self._queue_limit:
            raise OverloadedError(f"More than {self._queue_limit} reads are waiting; try again.")
        if not self._threads:
            self._start()
        reply = Pending()
        self._queue.put((lambda connection: run(connection, sql, params), reply))
        return await reply.future

    async def stop(self) -> None:
        """Finish what is queued and close the connections."""
        if self._is_stopped or self._process_id != os.getpid():
            return
        self._is_stopped = True
        replies = [Pending() for _ in self._threads]
        for reply in replies:
            self._queue.put((None, reply))
        for reply in replies:
            await reply.future

    def _reset(self) -> None:
        self._process_id = os.getpid()
        self._queue: _Reads = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._is_stopped = False

    def _start(self) -> None:
        with self._lock:
            if self._threads:
                return
            self._threads = [
                threading.Thread(
                    target=self._work,
                    args=(self._queue, self._file, _Limits(READ_WITHIN_S)),
                    name=f"{self._name}-{number}",
                    daemon=True,
                )
                for number in range(self._count)
            ]
            for thread in self._threads:
                thread.start()


class SqliteSnapshot:
    """Reads of one moment, with a thread and a connection of their own.

    The thread steps back for those that serve requests (docs/reference/performance.md).
    """

    dialect: Dialect = "sqlite"

    def __init__(self, file: SqliteFile, limit_s: float | None = None) -> None:
        self._queue: _Reads = SimpleQueue()
        self._limits = _Limits(limit_s)
        threading.Thread(
            target=_serve_politely,
            args=(self._queue, file, self._limits),
            name="harken-stream",
            daemon=True,
        ).start()

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read."""
        return await self._ask(lambda connection: run(connection, numbered(sql), params))

    async def stream(
        self, sql: str, *params: Any, chunk: int | None = None
    ) -> AsyncGenerator[list[Row]]:
        """A read in chunks; the next chunk is read ahead."""
        values = [sqlite_value(value) for value in params]
        cursor: sqlite3.Cursor = await self._ask(
            lambda connection: self._open_cursor(connection, numbered(sql), values)
        )
        ahead = self._ask(lambda _: cursor.fetchmany(chunk or CHUNK))
        try:
            while rows := await ahead:
                ahead = self._ask(lambda _: cursor.fetchmany(chunk or CHUNK))
                yield rows
        finally:
            ahead.cancel()

    def close(self) -> None:
        """Let the thread end what it reads, close the connection and go; does not wait for it."""
        self._limits.is_unwanted = True
        self._queue.put((None, None))

    def _open_cursor(
        self, connection: sqlite3.Connection, sql: str, values: list[Any]
    ) -> sqlite3.Cursor:
        self._limits.cursors.append(connection.cursor())
        return self._limits.cursors[-1].execute(sql, values)

    def _ask(self, work: _Read) -> asyncio.Future[Any]:
        reply = Pending()
        self._queue.put((work, reply))
        return reply.future


@asynccontextmanager
async def open_sqlite_snapshot(
    file: SqliteFile, limit_s: float | None = None
) -> AsyncGenerator[SqliteSnapshot]:
    """A moment of the file, until the block ends; each read of it may take so long."""
    seen = SqliteSnapshot(file, limit_s)
    try:
        await seen.fetch("BEGIN")
        yield seen
    finally:
        seen.close()


def _serve_politely(queue: _Reads, file: SqliteFile, limits: _Limits) -> None:
    if sys.platform == "linux":  # where a thread has a priority of its own
        thread = threading.get_native_id()
        lower = os.getpriority(os.PRIO_PROCESS, thread) + STREAM_NICENESS
        os.setpriority(os.PRIO_PROCESS, thread, min(lower, 19))
    _serve(queue, file, limits)


def _serve(queue: _Reads, file: SqliteFile, limits: _Limits) -> None:
    """Until there is nothing to do; a connection that failed is opened anew by the next read."""
    connection: sqlite3.Connection | None = None
    work: _Read | None = None
    while True:
        work, reply = queue.get()
        result: Any = None
        failure: BaseException | None = None
        try:
            if work is not None:
                connection = connection or limits.open(file)
                limits.begin()
                result = work(connection)
        except Exception as error:  # noqa: BLE001  # handed to the caller
            if is_storage_failure(error) and connection is not None:
                limits.close(connection)
                connection = None
            failure = from_sqlite(error, file.path)
        if work is None and connection is not None:
            limits.close(connection)
        if reply is not None:
            deliver([(reply, result, failure)])
        if work is None:
            return
        del work, reply, result, failure

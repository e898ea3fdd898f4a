"""Threads that read SQLite, each on connections of its own that refuse to write."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Any

from harken_server.database.failures import closed, from_sqlite, is_storage_failure
from harken_server.database.futures import Pending, deliver
from harken_server.database.sqlite.connection import SqliteFile, open_reader, run
from harken_server.kernel.errors import OverloadedError

STREAM_NICENESS = 10
"""Long reads give way: half the tail latency of submissions for a fifth of the export's speed."""

Read = Callable[["ReadConnections"], Any]


class ReadConnections:
    """The connections of one thread: plain rows for our own SQL, typed rows for Piccolo."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._plain: sqlite3.Connection | None = None
        self._typed: sqlite3.Connection | None = None

    @property
    def plain(self) -> sqlite3.Connection:
        """Rows as SQLite has them."""
        if self._plain is None:
            self._plain = open_reader(self._file)
        return self._plain

    @property
    def typed(self) -> sqlite3.Connection:
        """Columns converted by their declared types."""
        if self._typed is None:
            self._typed = open_reader(self._file, is_typed=True)
        return self._typed

    def close(self) -> None:
        """Close both; they open again when used."""
        for connection in (self._plain, self._typed):
            if connection is not None:
                connection.close()
        self._plain = self._typed = None


class SqliteReaders:
    """`count` reading threads behind one queue; started with the first read of a process."""

    def __init__(self, file: SqliteFile, count: int, queue_limit: int = 2000) -> None:
        self._file = file
        self._count = count
        self._queue_limit = queue_limit
        self._reset()

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Any]:
        """All rows of one statement, which sees one snapshot."""
        return await self.run(lambda connections: run(connections.plain, sql, params))

    async def run(self, work: Read) -> Any:
        """Run `work` on a reading thread."""
        if self._process_id != os.getpid():
            self._reset()
        if self._is_stopped:
            raise closed()
        if self._queue.qsize() >= self._queue_limit:
            raise OverloadedError(f"More than {self._queue_limit} reads are waiting; try again.")
        if not self._threads:
            self._start()
        reply = Pending()
        self._queue.put((work, reply))
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
        self._queue: SimpleQueue[tuple[Read | None, Pending]] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._is_stopped = False

    def _start(self) -> None:
        with self._lock:
            if self._threads:
                return
            self._threads = [
                threading.Thread(
                    target=_serve,
                    args=(self._queue, ReadConnections(self._file), self._file.path),
                    name=f"harken-reader-{number}",
                    daemon=True,
                )
                for number in range(self._count)
            ]
            for thread in self._threads:
                thread.start()


class SqliteReadStream:
    """One long read with a thread and a connection of its own: a snapshot, taken in chunks.

    Its thread steps back for those that serve requests (docs/reference/performance.md).
    """

    def __init__(self, file: SqliteFile, *, is_typed: bool = False) -> None:
        self._is_typed = is_typed
        self._cursor: sqlite3.Cursor | None = None
        self._queue: SimpleQueue[tuple[Read | None, Pending | None]] = SimpleQueue()
        self._thread = threading.Thread(
            target=_serve_politely,
            args=(self._queue, ReadConnections(file), file.path),
            name="harken-stream",
            daemon=True,
        )
        self._thread.start()

    async def execute(self, sql: str, params: Sequence[Any] = ()) -> None:
        """Start the read; what is committed later is not seen."""

        def work(connections: ReadConnections) -> None:
            connection = connections.typed if self._is_typed else connections.plain
            self._cursor = connection.execute(sql, params)

        await self.submit(work).future

    def next_chunk(self, size: int) -> Pending:
        """Ask for up to `size` rows without waiting; none at the end."""
        return self.submit(lambda _: self._rows(size))

    def column_names(self) -> list[str]:
        """Names of the columns of the running read."""
        description = None if self._cursor is None else self._cursor.description
        return [column[0] for column in description or ()]

    def submit(self, work: Read) -> Pending:
        """Run `work` on the stream's thread after what was asked before."""
        reply = Pending()
        self._queue.put((work, reply))
        return reply

    def close(self) -> None:
        """Let the thread close the connection and end; does not wait for it."""
        self._queue.put((None, None))

    async def wait_closed(self) -> None:
        """Close, and wait until the snapshot is given back."""
        reply = Pending()
        self._queue.put((None, reply))
        await reply.future

    def _rows(self, size: int) -> list[Any]:
        return [] if self._cursor is None else self._cursor.fetchmany(size)


def _serve_politely(
    queue: SimpleQueue[tuple[Read | None, Pending | None]], connections: ReadConnections, path: str
) -> None:
    if sys.platform == "linux":  # where a thread has a priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STREAM_NICENESS)
    _serve(queue, connections, path)


def _serve(
    queue: SimpleQueue[tuple[Read | None, Pending | None]], connections: ReadConnections, path: str
) -> None:
    while True:
        work, reply = queue.get()
        result: Any = None
        failure: BaseException | None = None
        try:
            result = connections.close() if work is None else work(connections)
        except Exception as error:  # noqa: BLE001  # handed to the caller
            if is_storage_failure(error):
                connections.close()
            failure = from_sqlite(error, path)
        if reply is not None:
            deliver([(reply, result, failure)])
        if work is None:
            return
        del work, reply, result, failure

"""The one thread that writes to SQLite, committing everything that waits in one go.

While a commit is on its way to the disk new jobs queue up; they become the next commit. That is
the whole batching: no artificial delay. A bad statement fails alone in its savepoint; after a bad
item the group is taken back and each of it tried alone. When the commit itself fails the outcome
of the group is unknown: all its callers get a StorageError, and the connection is reopened and
checked before anything more is acknowledged (an fsync that failed may have lost pages that the
connection believes written).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from harken_server.database.failures import closed, from_sqlite, is_storage_failure, overloaded
from harken_server.database.futures import Outcome, Pending, deliver, fail_all
from harken_server.database.sqlite.connection import (
    SqliteFile,
    checkpoint,
    empty_log,
    identity,
    open_writer,
)
from harken_server.database.sqlite.transactions import Session
from harken_server.database.sqlite.writes import (
    EmptyLog,
    QueuedItem,
    Statement,
    Stop,
    Write,
    by_kind,
    reply_of,
)
from harken_server.database.statistics import Statistics
from harken_server.kernel.errors import StorageError

GROUP_LIMIT = 256
EMPTY_LOG_EVERY_S = 1.0
"""How soon it is tried again where a reader stood in the way."""


class SqliteWriter:
    """Takes jobs from any thread and event loop; starts its thread with the first one."""

    def __init__(self, file: SqliteFile, statistics: Statistics, queue_limit: int = 2000) -> None:
        self.file = file
        self._statistics = statistics
        self._queue_limit = queue_limit
        self._start_lock = threading.Lock()
        self._reset()

    @property
    def depth(self) -> int:
        """Jobs waiting, not counting those being written."""
        return self._queue.qsize()

    async def run(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run `work` in the next group; durable when it returns."""
        reply = Pending()
        self.put(Statement(work, reply))
        return await reply.future

    def put(self, write: Write) -> None:
        """Queue a job; OverloadedError when too many wait, StorageError after the stop."""
        if self._process_id != os.getpid():
            self._reset()
        if self._is_stopped:
            raise closed()
        if self._queue.qsize() >= self._queue_limit:
            raise overloaded(self._queue_limit)
        if self._thread is None:
            self._start()
        self._queue.put(write)

    async def stop(self) -> None:
        """Finish what is queued, empty the log, close the connection."""
        if self._is_stopped or self._process_id != os.getpid():
            return
        self._is_stopped = True
        if self._thread is None:
            return
        reply = Pending()
        self._queue.put(Stop(reply))
        await reply.future

    def _reset(self) -> None:
        """The state of a fresh process. After a fork, nothing of the parent's may be touched."""
        self._process_id = os.getpid()
        self._queue: SimpleQueue[Write] = SimpleQueue()
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None
        self._is_stopped = False
        self._empties_log_at: float | None = None

    def _start(self) -> None:
        with self._start_lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._serve, name="harken-writer", daemon=True
                )
                self._thread.start()

    def _serve(self) -> None:
        while True:
            writes = self._next_writes()
            try:
                if self._run_writes(writes):
                    return
                self._try_to_empty_log()
            except Exception as error:  # noqa: BLE001  # the thread must live, whatever happens
                self._drop_connection()
                fail_all([reply_of(write) for write in writes], self._unknown_outcome(error))
            del writes

    def _next_writes(self) -> list[Write]:
        """All that wait; none when it is time to look at the log again."""
        writes: list[Write] = []
        try:
            writes.append(self._queue.get(timeout=self._empties_log_at and EMPTY_LOG_EVERY_S))
            while len(writes) < GROUP_LIMIT:
                writes.append(self._queue.get_nowait())
        except Empty:
            pass
        return writes

    def _try_to_empty_log(self) -> None:
        """Again, until no reader is left that needs what was erased."""
        if self._empties_log_at is not None and self._empties_log_at <= time.monotonic():
            self._empty_log()

    def _empty_log(self) -> bool:
        self._empties_log_at = time.monotonic() + EMPTY_LOG_EVERY_S
        if is_empty := empty_log(self._ready_connection()):
            self._empties_log_at = None
        return is_empty

    def _run_writes(self, writes: list[Write]) -> bool:
        """Run jobs in their order, grouping neighbours; True after the stop."""
        # Within a group statements run before items: nobody who waits for one has seen the other,
        # so no order between them was promised. A session ends the group before it.
        statements: list[Statement] = []
        items: list[QueuedItem] = []
        for write in writes:
            if isinstance(write, QueuedItem):
                items.append(write)
            elif isinstance(write, Statement):
                statements.append(write)
            else:
                self._run_group(statements, items)
                statements, items = [], []
                if isinstance(write, Stop):
                    self._close(write)
                    return True
                if isinstance(write, EmptyLog):
                    deliver([(write.reply, self._empty_log(), None)])
                else:
                    self._run_session(write)
        self._run_group(statements, items)
        return False

    def _run_group(self, statements: list[Statement], items: list[QueuedItem]) -> None:
        if not statements and not items:
            return
        is_committing = False
        try:
            connection = self._ready_connection()
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._run_statement(connection, write) for write in statements]
            for kind, some in by_kind(items).items():
                new = [write.item for write in some]
                results = kind.on_sqlite(connection, new, self._statistics)
                outcomes += [
                    (write.reply, result, None) for write, result in zip(some, results, strict=True)
                ]
            is_committing = True
            connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001  # handed to every caller of the group
            self._drop_connection()
            replies = [write.reply for write in (*statements, *items)]
            # A deferred foreign key is refused at COMMIT and does not say whose row it was. Items
            # have no savepoint: keeping each page as it was is a fifth of the price of an item.
            is_refused = not is_committing or isinstance(error, sqlite3.IntegrityError)
            if not is_refused or is_storage_failure(error):
                fail_all(replies, self._unknown_outcome(error))
            elif len(replies) > 1:
                self._run_each_alone(statements, items)
            else:
                fail_all(replies, self._translated(error))
            return
        self._statistics.commits += 1
        deliver(outcomes)

    def _run_each_alone(self, statements: list[Statement], items: list[QueuedItem]) -> None:
        """After a group that was taken back: find whose fault it was."""
        for write in statements:
            self._run_group([write], [])
        for item in items:
            self._run_group([], [item])

    def _run_statement(self, connection: sqlite3.Connection, write: Statement) -> Outcome:
        connection.execute("SAVEPOINT job")
        try:
            result = write.work(connection)
        except Exception as error:
            if is_storage_failure(error) or not connection.in_transaction:
                raise
            connection.execute("ROLLBACK TO job")
            connection.execute("RELEASE job")
            return write.reply, None, from_sqlite(error, self.file.path)
        connection.execute("RELEASE job")
        return write.reply, result, None

    def _run_session(self, session: Session) -> None:
        try:
            connection = self._ready_connection()
            connection.execute("BEGIN IMMEDIATE")
        except Exception as error:  # noqa: BLE001  # handed to the caller
            if is_storage_failure(error):
                self._drop_connection()
            fail_all([session.begun], self._translated(error))
            return
        if session.serve(connection) is not None:
            self._drop_connection()
        self._statistics.commits += 1

    def _ready_connection(self) -> sqlite3.Connection:
        """The connection, opened anew after a failure; refuses a file that is another one now."""
        if self._identity is not None and identity(self.file.path) != self._identity:
            raise StorageError(f"The database {self.file.path} was removed or replaced.")
        if self._connection is None:
            self._connection = open_writer(self.file)
            self._identity = identity(self.file.path)
        return self._connection

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except sqlite3.Error:
                return  # nothing of it is used again

    def _close(self, write: Stop) -> None:
        failure: BaseException | None = None
        try:
            if self._connection is not None:
                checkpoint(self._connection)
        except sqlite3.Error as error:
            failure = from_sqlite(error, self.file.path)
        self._drop_connection()
        deliver([(write.reply, None, failure)])
        self._refuse_late_writes()

    def _refuse_late_writes(self) -> None:
        """Jobs that another thread queued in the very moment of the stop."""
        try:
            while True:
                fail_all([reply_of(self._queue.get_nowait())], closed())
        except Empty:
            return

    def _unknown_outcome(self, error: BaseException) -> BaseException:
        translated = self._translated(error)
        if isinstance(translated, StorageError):
            return translated
        failure = StorageError(f"Writing to the database {self.file.path} failed: {error}.")
        failure.__cause__ = error
        return failure

    def _translated(self, error: BaseException) -> BaseException:
        translated = from_sqlite(error, self.file.path)
        if translated is not error:
            translated.__cause__ = error
        return translated

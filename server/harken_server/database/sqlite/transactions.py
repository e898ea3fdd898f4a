"""Transactions on SQLite: those that hold the writer for a caller, and those that join a group.

In a `Session` the writer thread serves one caller until it ends. Code inside must not wait for a
write made outside of it: the writer is busy. After `ABANDON_AFTER_S` without a statement it is
rolled back and every later use fails.

A unit of work is driven on the writer thread: every statement is done when it is awaited, so there
is nothing to wait for and no hop between threads. One that fails is undone alone, in its savepoint.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from harken_server.database.database import Dialect, Row, T, Transaction, Work
from harken_server.database.failures import ConstraintError, TransactionEndedError, from_sqlite
from harken_server.database.futures import Pending, deliver
from harken_server.database.sqlite.connection import numbered, run

ABANDON_AFTER_S = 30.0

_Command = Callable[[sqlite3.Connection], Any] | str
"""What to run, or how to end: COMMIT or ROLLBACK."""


class Session(Transaction):
    """The two ends of one transaction: `fetch` and `end` on a loop, `serve` on the writer."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: str) -> None:
        self.begun = Pending()
        self.is_ended = False
        self._path = path
        self._why = "it was committed or rolled back"
        self._lock = threading.Lock()
        self._commands: SimpleQueue[tuple[_Command, Pending | None]] = SimpleQueue()

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """Run a statement on the writer thread; all rows."""
        return await self._send(lambda connection: run(connection, numbered(sql), params))

    async def end(self, statement: str) -> None:
        """COMMIT (durable when it returns) or ROLLBACK."""
        await self._send(statement)

    def cancel(self) -> None:
        """Roll back as soon as the writer gets here; for callers that can no longer wait."""
        with self._lock:
            if not self.is_ended:
                self._commands.put(("ROLLBACK", None))

    def serve(self, connection: sqlite3.Connection) -> sqlite3.Error | None:
        """Obey until the end. Returns the error when ending failed: then drop the connection."""
        if not deliver([(self.begun, None, None)]):
            return self._finish(connection, "ROLLBACK", None, "its event loop was closed")
        while True:
            try:
                command, reply = self._commands.get(timeout=ABANDON_AFTER_S)
            except Empty:
                why = f"it was abandoned after {ABANDON_AFTER_S:g} s without a statement"
                return self._finish(connection, "ROLLBACK", None, why)
            if isinstance(command, str):
                return self._finish(connection, command, reply, self._why)
            if reply is not None:
                self._obey(connection, command, reply)

    async def _send(self, command: _Command) -> Any:
        with self._lock:
            if self.is_ended:
                raise self._ended()
            reply = Pending()
            self._commands.put((command, reply))
        return await reply.future

    def _obey(
        self, connection: sqlite3.Connection, work: Callable[[Any], Any], reply: Pending
    ) -> None:
        try:
            deliver([(reply, work(connection), None)])
        except Exception as error:  # noqa: BLE001  # handed to the caller
            deliver([(reply, None, from_sqlite(error, self._path))])

    def _finish(
        self, connection: sqlite3.Connection, statement: str, reply: Pending | None, why: str
    ) -> sqlite3.Error | None:
        failure: sqlite3.Error | None = None
        try:
            if connection.in_transaction or statement == "COMMIT":
                connection.execute(statement)
        except sqlite3.Error as error:
            failure = error
        with self._lock:
            self.is_ended = True
            self._why = why
        if reply is not None:
            deliver([(reply, None, failure and from_sqlite(failure, self._path))])
        self._refuse_the_rest()
        return failure

    def _refuse_the_rest(self) -> None:
        while True:
            try:
                _, reply = self._commands.get_nowait()
            except Empty:
                return
            if reply is not None:
                deliver([(reply, None, self._ended())])

    def _ended(self) -> TransactionEndedError:
        return TransactionEndedError(f"The transaction is over: {self._why}.")


class UnitTransaction(Transaction):
    """Statements on the writer's own thread, in the savepoint of one job."""

    dialect: Dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows; sees the transaction's own writes."""
        try:
            return run(self._connection, numbered(sql), params)
        except sqlite3.IntegrityError as error:
            raise ConstraintError(str(error)) from error


def drive(work: Work[T], connection: sqlite3.Connection) -> T:
    """Run the work to its end on this thread; RuntimeError when it waits for anything else."""
    coroutine = work(UnitTransaction(connection))
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise RuntimeError("a grouped unit of work must await only its own transaction")

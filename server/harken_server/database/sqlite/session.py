"""An interactive transaction: the writer thread serves one caller until it ends.

Code inside must not wait for a write made outside the transaction: the writer is busy with it.
After `ABANDON_AFTER_S` without a statement it is rolled back and every later use fails.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from harken_server.database.failures import TransactionEndedError, from_sqlite
from harken_server.database.futures import Pending, deliver

ABANDON_AFTER_S = 30.0


Work = Callable[[sqlite3.Connection], Any]


class Session:
    """The two ends of one transaction: `run` and `end` on a loop, `serve` on the writer."""

    def __init__(self, path: str, abandon_after_s: float = ABANDON_AFTER_S) -> None:
        self.begun = Pending()
        self.is_ended = False
        self._path = path
        self._abandon_after_s = abandon_after_s
        self._why = "it was committed or rolled back"
        self._lock = threading.Lock()
        self._commands: SimpleQueue[tuple[Work | str, Pending | None]] = SimpleQueue()

    async def run(self, work: Work) -> Any:
        """Run `work` on the writer thread, inside the transaction."""
        return await self._send(work)

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
                command, reply = self._commands.get(timeout=self._abandon_after_s)
            except Empty:
                why = f"it was abandoned after {self._abandon_after_s:g} s without a statement"
                return self._finish(connection, "ROLLBACK", None, why)
            if isinstance(command, str):
                return self._finish(connection, command, reply, self._why)
            self._obey(connection, command, reply)

    async def _send(self, command: Work | str) -> Any:
        with self._lock:
            if self.is_ended:
                raise self._ended()
            reply = Pending()
            self._commands.put((command, reply))
        return await reply.future

    def _obey(self, connection: sqlite3.Connection, command: Work, reply: Pending | None) -> None:
        result: Any = None
        failure: BaseException | None = None
        try:
            result = command(connection)
        except Exception as error:  # noqa: BLE001  # handed to the caller
            failure = from_sqlite(error, self._path)
        if reply is not None:
            deliver([(reply, result, failure)])

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

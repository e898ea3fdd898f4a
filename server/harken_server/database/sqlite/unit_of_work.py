"""A unit of work that joins SQLite's next group commit instead of holding the writer for itself.

Its coroutine is driven on the writer thread: every statement is done when it is awaited, so there
is nothing to wait for and no hop between threads. One that fails is undone alone, in its savepoint.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from harken_server.database.failures import ConstraintError
from harken_server.database.sqlite.connection import numbered, run
from harken_server.database.transactions import Row, T, Work


class UnitTransaction:
    """Statements on the writer's own thread, in the savepoint of one job."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows; sees the transaction's own writes."""
        try:
            return run(self._connection, numbered(sql), params)
        except sqlite3.IntegrityError as error:
            raise ConstraintError(str(error)) from error

    async def fetch_one(self, sql: str, *params: Any) -> Row | None:
        """The first row, if any."""
        rows = await self.fetch(sql, *params)
        return rows[0] if rows else None

    async def execute(self, sql: str, *params: Any) -> list[Row]:
        """Run a statement; rows of its RETURNING."""
        return await self.fetch(sql, *params)


def drive(work: Work[T], connection: sqlite3.Connection) -> T:
    """Run the work to its end on this thread; RuntimeError when it waits for anything else."""
    coroutine = work(UnitTransaction(connection))
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise RuntimeError("a grouped unit of work must await only its own transaction")

"""The same database, in which something is stored together with every change that is made in it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeAlias

from harken_server.database.database import Database, Row, T, Transaction, Work
from harken_server.database.write_kinds import Item, Outcome, WriteKind

Also: TypeAlias = Callable[[Transaction], Awaitable[None]]
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH\b.*\b(INSERT|UPDATE|DELETE)\s)", re.I | re.S)


class Accompanied(Database):
    """Each transaction that changed something does `also` as its last statement.

    So the one is never there without the other. What is stored in groups shares its
    transaction with what others store: there it is done beforehand. Reads are the database's own.
    """

    def __init__(self, db: Database, also: Also) -> None:
        super().__init__(db.url)
        self.dialect = db.dialect
        self.statistics = db.statistics
        self._db = db
        self._also = also
        self._is_done = False

    @property
    def queue_depth(self) -> int:
        """Writes waiting."""
        return self._db.queue_depth

    @property
    def lane(self) -> int:
        """That of the database."""
        return self._db.lane

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read."""
        return await self._db.fetch(sql, *params)

    async def scan(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read that looks at very many."""
        return await self._db.scan(sql, *params)

    async def execute(self, sql: str, *params: Any) -> list[Row]:
        """Run a write and what goes with it; durable when it returns."""
        return await self.atomic(lambda tx: _run(tx, sql, params))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction, None]:
        """Several statements and what goes with them."""
        async with self._db.transaction() as tx:
            watched = _Watched(tx)
            yield watched
            await self._finish(watched)

    async def atomic(self, work: Work[T]) -> T:
        """Run a unit of work and what goes with it."""

        async def both(tx: Transaction) -> T:
            watched = _Watched(tx)
            value = await work(watched)
            await self._finish(watched)
            return value

        return await self._db.atomic(both)

    async def store(self, kind: WriteKind[Item, Outcome], item: Item) -> Outcome:
        """Store an item in a group: what goes with it is stored before, unless it is already."""
        if not self._is_done:
            await self._db.atomic(self._alone)
        self._is_done = True
        return await self._db.store(kind, item)

    async def stream(
        self, sql: str, *params: Any, chunk: int | None = None
    ) -> AsyncGenerator[list[Row]]:
        """A long read in chunks."""
        async with aclosing(self._db.stream(sql, *params, chunk=chunk)) as chunks:
            async for rows in chunks:
                yield rows

    async def clear_erased(self) -> bool:
        """Take out of the files what was erased so far."""
        return await self._db.clear_erased()

    async def check_writable(self) -> None:
        """Raise StorageError when nothing could be written now."""
        await self._db.check_writable()

    async def close(self) -> None:
        """Close the database itself."""
        await self._db.close()

    async def _alone(self, tx: Transaction) -> None:
        await self._also(tx)

    async def _finish(self, watched: _Watched) -> None:
        if watched.has_changed:
            await self._also(watched.tx)


class _Watched(Transaction):
    """A transaction that knows whether it changed something."""

    def __init__(self, tx: Transaction) -> None:
        self.dialect = tx.dialect
        self.tx = tx
        self.has_changed = False

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows; of a RETURNING none when the statement changed nothing."""
        rows = await self.tx.fetch(sql, *params)
        self.has_changed = self.has_changed or _changes(sql, rows)
        return rows


async def _run(tx: Transaction, sql: str, params: tuple[Any, ...]) -> list[Row]:
    return await tx.execute(sql, *params)


def _changes(sql: str, rows: list[Row]) -> bool:
    """Whether a statement changed rows, as far as it says; without RETURNING it may have."""
    return _WRITES.match(sql) is not None and (bool(rows) or "RETURNING" not in sql)

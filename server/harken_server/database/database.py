"""The database as the rest of the server sees it: the same calls on SQLite and PostgreSQL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Literal, TypeAlias, TypeVar

from harken_server.database.statistics import Statistics
from harken_server.database.write_kinds import Item, Outcome, WriteKind

T = TypeVar("T")
Row: TypeAlias = tuple[Any, ...]
Dialect: TypeAlias = Literal["sqlite", "postgres"]


READ_WITHIN_S = 30.0
"""A statement that reads, or a step of a long read, is ended after so long."""


class Transaction(ABC):
    """Statements that are stored together or not at all. SQL takes `$1`, `$2` on both databases.

    Do not wait for another write inside: on SQLite there is one writer, and it is yours.
    """

    dialect: Dialect

    @abstractmethod
    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows, of a RETURNING too; sees the transaction's own writes."""

    async def fetch_one(self, sql: str, *params: Any) -> Row | None:
        """The first row, if any."""
        rows = await self.fetch(sql, *params)
        return rows[0] if rows else None

    async def execute(self, sql: str, *params: Any) -> list[Row]:
        """Run a statement; rows of its RETURNING."""
        return await self.fetch(sql, *params)


Work: TypeAlias = Callable[[Transaction], Coroutine[Any, Any, T]]
"""A unit of work: it awaits nothing but the statements of its transaction."""


class Database(ABC):
    """An open database. SQL takes `$1`, `$2`; UUIDs and aware times may be parameters on both.

    Values come back as the driver has them: see `database.values` to convert. Failures of storage
    raise StorageError, broken constraints ConstraintError.
    """

    dialect: Dialect

    def __init__(self, url: str) -> None:
        self.url = url
        self.statistics = Statistics()
        """Counters of the response path."""

    @property
    @abstractmethod
    def queue_depth(self) -> int:
        """Writes waiting."""

    @property
    @abstractmethod
    def lane(self) -> int:
        """Where this process's changes stand in the feed (`database.lanes`); 0 before the first."""

    @abstractmethod
    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read, from one snapshot."""

    async def scan(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read that looks at very many; others are served before it."""
        return await self.fetch(sql, *params)

    async def fetch_one(self, sql: str, *params: Any) -> Row | None:
        """The first row of a read, if any."""
        rows = await self.fetch(sql, *params)
        return rows[0] if rows else None

    @abstractmethod
    async def execute(self, sql: str, *params: Any) -> list[Row]:
        """Run a write; durable when it returns. Rows of its RETURNING come back."""

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Several statements, stored together or not at all; keep it short."""

    @abstractmethod
    async def atomic(self, work: Work[T]) -> T:
        """Run a unit of work, stored whole or not at all; on SQLite with the next group commit.

        `work` is called with the transaction and may await only that; it must not write elsewhere.
        """

    @abstractmethod
    async def store(self, kind: WriteKind[Item, Outcome], item: Item) -> Outcome:
        """Store an item together with all others of its kind that wait; durable when it returns.

        Raises OverloadedError when too many wait, StorageError when the outcome is unknown,
        ConstraintError when the item fits no column.
        """

    @abstractmethod
    def stream(self, sql: str, *params: Any, chunk: int | None = None) -> AsyncGenerator[list[Row]]:
        """A long read in chunks, as long as suits the database: one snapshot, own connection, flat
        memory. Use it in `aclosing`, so that what it holds is given back at once."""

    @abstractmethod
    async def clear_erased(self) -> bool:
        """Take out of the files what was erased so far; whether nothing of it is left in them.

        SQLite overwrites what is deleted, and empties its log now, or as soon as no reader needs
        it. PostgreSQL keeps old rows until its own VACUUM, and longer in its log.
        """

    @abstractmethod
    async def check_writable(self) -> None:
        """Raise StorageError when nothing could be written now."""

    @abstractmethod
    async def close(self) -> None:
        """Finish what is queued, then close; on SQLite the -wal file is gone afterwards."""


Executor: TypeAlias = Database | Transaction
"""Where a statement can run: by itself, or as a part of somebody's transaction."""


@asynccontextmanager
async def join_transaction(db: Executor) -> AsyncGenerator[Transaction, None]:
    """The given transaction, left open at the end; or a new one that ends with the block."""
    if not isinstance(db, Database):
        yield db
        return
    async with db.transaction() as tx:
        yield tx

"""What both databases offer: one shape for queries inside and outside of transactions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

from harken_server.database.statistics import Statistics
from harken_server.database.write_kinds import Item, Outcome, WriteKind

T = TypeVar("T")
Row: TypeAlias = tuple[Any, ...]
Dialect: TypeAlias = Literal["sqlite", "postgres"]


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


class Backend(Protocol):
    """One of the two databases, behind `Database`."""

    dialect: Dialect
    statistics: Statistics

    @property
    def lane(self) -> int:
        """That of the writer; 0 while it has none."""
        ...

    @property
    def queue_depth(self) -> int:
        """Writes waiting."""
        ...

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Row]:
        """All rows of a read."""
        ...

    async def execute(self, sql: str, params: Sequence[Any]) -> list[Row]:
        """Run a write; durable when it returns."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Several statements, all or nothing."""
        ...

    async def atomic(self, work: Work[T]) -> T:
        """Run a unit of work, all or nothing."""
        ...

    def stream(self, sql: str, params: Sequence[Any], chunk: int) -> AsyncIterator[list[Row]]:
        """A read in chunks, from one snapshot."""
        ...

    async def store(self, kind: WriteKind[Item, Outcome], item: Item) -> Outcome:
        """Store an item with the next group of its kind; durable when it returns."""
        ...

    async def check_writable(self) -> None:
        """Raise StorageError when nothing could be written now."""
        ...

    async def close(self) -> None:
        """Finish what is queued and let go."""
        ...

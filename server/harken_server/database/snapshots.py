"""A whole database as it was at one moment: any number of reads that see the same, and no write.

It is for work that looks at everything beside a running server: it takes no lock that writers wait
for, and opens no connection that could write. While it is open PostgreSQL keeps old rows, and
SQLite's write-ahead log grows by what is written meanwhile.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from harken_server.database.locations import SqliteLocation, parse_location
from harken_server.database.sqlite.connection import SqliteFile
from harken_server.database.transactions import Dialect, Row


class Snapshot(Protocol):
    """Reads, one after the other, all of one moment. SQL takes `$1`, `$2`."""

    dialect: Dialect

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read."""
        ...

    def stream(self, sql: str, *params: Any, chunk: int = 2000) -> AsyncGenerator[list[Row]]:
        """A long read in chunks; finish or close it before the next read."""
        ...


@asynccontextmanager
async def open_snapshot(url: str) -> AsyncGenerator[Snapshot]:
    """The database as its first read finds it; StorageError when it cannot be read or is not there.

    A standby of PostgreSQL will do.
    """
    location = parse_location(url)
    if isinstance(location, SqliteLocation):
        from harken_server.database.sqlite.readers import open_sqlite_snapshot

        async with open_sqlite_snapshot(SqliteFile(location.path)) as seen:
            yield seen
    else:
        from harken_server.database.postgres.transactions import open_postgres_snapshot

        async with open_postgres_snapshot(location) as seen:
            yield seen

"""What a database's URL leads to: the open database, all of it at one moment, and who serves it.

One server serves a SQLite file, any number serve PostgreSQL, none may beside a copy.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from harken_server.database.database import Database, Dialect, Row
from harken_server.database.locations import SqliteLocation, parse_location
from harken_server.database.sqlite.connection import SqliteFile, Synchronous
from harken_server.database.sqlite.one_server import only_server


async def open_database(
    url: str,
    *,
    readers: int = 4,
    pool_size: int = 10,
    queue_limit: int = 2000,
    synchronous: Synchronous = "full",
) -> Database:
    """Open it and check that it can be used; StorageError with one clear line otherwise.

    `readers` are SQLite's reading threads, `pool_size` is PostgreSQL's most connections,
    `queue_limit` the most writes that wait. `synchronous="normal"` may lose the last
    acknowledged commits on power loss.
    """
    location = parse_location(url)
    if isinstance(location, SqliteLocation):
        from harken_server.database.sqlite.database import SqliteDatabase

        file = SqliteFile(location.path, synchronous)
        return await SqliteDatabase.open(url, file, readers=readers, queue_limit=queue_limit)
    from harken_server.database.postgres.database import PostgresDatabase

    return await PostgresDatabase.open(url, location, pool_size=pool_size, queue_limit=queue_limit)


class Snapshot(Protocol):
    """Reads, one after the other, all of one moment. SQL takes `$1`, `$2`."""

    dialect: Dialect

    async def fetch(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a read."""
        ...

    def stream(self, sql: str, *params: Any, chunk: int | None = None) -> AsyncGenerator[list[Row]]:
        """A long read in chunks; finish or close it before the next read."""
        ...


@asynccontextmanager
async def open_snapshot(url: str) -> AsyncGenerator[Snapshot]:
    """The database as its first read finds it; StorageError when it cannot be read or is not there.

    It is for work that looks at everything beside a running server: it takes no lock that writers
    wait for, and opens no connection that could write; a standby of PostgreSQL will do. While it is
    open PostgreSQL keeps old rows, and SQLite's write-ahead log grows by what is written meanwhile.
    """
    location = parse_location(url)
    if isinstance(location, SqliteLocation):
        from harken_server.database.sqlite.readers import open_sqlite_snapshot

        async with open_sqlite_snapshot(SqliteFile(location.path)) as seen:
            yield seen
    else:
        from harken_server.database.postgres.database import open_postgres_snapshot

        async with open_postgres_snapshot(location) as seen:
            yield seen


@asynccontextmanager
async def serving(url: str) -> AsyncGenerator[None]:
    """Be a server or worker of this database, or raise StorageError (`database_in_use`)."""
    location = parse_location(url)
    if isinstance(location, SqliteLocation):
        with only_server(location.path):
            yield
    else:
        from harken_server.database.postgres.presence import be_a_server

        async with be_a_server(location):
            yield


@asynccontextmanager
async def no_server(url: str) -> AsyncGenerator[None]:
    """Nobody serves it until the block ends, or StorageError (`database_in_use`)."""
    location = parse_location(url)
    if isinstance(location, SqliteLocation):
        with only_server(location.path):
            yield
    else:
        from harken_server.database.postgres.presence import be_alone

        async with be_alone(location):
            yield

"""Who serves a database: one server a SQLite file, any number on PostgreSQL, none beside a copy."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from harken_server.database.locations import SqliteLocation, parse_location
from harken_server.database.sqlite.one_server import only_server


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

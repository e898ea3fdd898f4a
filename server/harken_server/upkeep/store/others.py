"""Who else uses a database: a copy made while somebody writes would lack what came later."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from harken_server.database.locations import SqliteLocation, parse_location
from harken_server.database.snapshots import open_snapshot
from harken_server.database.sqlite.one_server import only_server
from harken_server.kernel.errors import StorageError

# Connections of Harken name themselves so (`database.postgres.connection`). A server or worker asks
# the database every few seconds, and keeps the connection for minutes.
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'harken' AND pid <> pg_backend_pid()
"""


class Place(NamedTuple):
    """Where a database is."""

    identity: str
    """The same for the same database, wherever the command is run."""
    shown: str
    """For messages: without a password."""

    @classmethod
    def of(cls, url: str) -> Place:
        """StorageError (`bad_database_url`) when it cannot be read."""
        location = parse_location(url)
        if isinstance(location, SqliteLocation):
            return cls(str(Path(location.path).resolve()), location.shown)
        return cls(location.shown, location.shown)


@asynccontextmanager
async def no_server(url: str) -> AsyncGenerator[None]:
    """Nobody serves this database, or StorageError (`database_in_use`).

    On SQLite nobody can begin to until the block ends either.
    """
    location = parse_location(url)
    if isinstance(location, SqliteLocation):
        with only_server(url):
            yield
        return
    async with open_snapshot(url) as seen:
        ((count,),) = await seen.fetch(_OTHERS)
    if count:
        raise StorageError(
            f"{count} connections of Harken use {location.shown}: stop its servers and workers "
            "first.",
            code="database_in_use",
        )
    yield

"""Piccolo's own engines, on which its migrations run; `Database` runs everything else.

They open a connection a statement or transaction, and the SQLite one fails under load with
"database is locked": good for a migration, which has the database to itself.
"""

from __future__ import annotations

from typing import Any

from piccolo.engine.base import Engine
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine

from harken_server.database.locations import PostgresLocation, SqliteLocation, parse_location
from harken_server.database.postgres.connection import connect


class _Postgres(PostgresEngine):
    """Does not connect by being made, and finds the right one of several hosts."""

    def __init__(self, location: PostgresLocation) -> None:
        self._location = location
        # Its default extensions would need rights that an application's role seldom has.
        super().__init__(config={"dsn": location.url}, extensions=())

    async def check_version(self) -> None:
        """The stock engine connects here, in a thread of its own."""

    async def get_new_connection(self) -> Any:
        """As every connection of ours, but a statement may take any time."""
        return await connect(self._location, statement_limit_s=None)


def engine_for(url: str) -> Engine[Any]:
    """The engine for a database; StorageError (`bad_database_url`) when there is none."""
    location = parse_location(url)
    if isinstance(location, SqliteLocation):
        return SQLiteEngine(path=location.path)
    return _Postgres(location)

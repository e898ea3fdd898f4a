"""Where a database is: whether two addresses mean one, and how to say it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from harken_server.database.locations import SqliteLocation, parse_location


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

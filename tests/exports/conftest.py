"""One database of each kind, to compare their exports."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from harken_server.database.database import Database
from harken_server.database.opening import open_database


@pytest.fixture
async def both(sqlite_url: str, postgres_url: str) -> AsyncIterator[list[Database]]:
    """An empty SQLite database and an empty PostgreSQL one."""
    opened = [await open_database(url) for url in (sqlite_url, postgres_url)]
    yield opened
    for db in opened:
        await db.close()

"""One database of each kind, to compare their exports."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from harken_server.database.database import Database


@pytest.fixture
async def both(sqlite_url: str, postgres_url: str) -> AsyncIterator[list[Database]]:
    """An empty SQLite database and an empty PostgreSQL one."""
    opened = [await Database.open(url) for url in (sqlite_url, postgres_url)]
    yield opened
    for db in opened:
        await db.close()

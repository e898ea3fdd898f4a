"""Fixtures of the tests of the database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the PostgreSQL of the test that somebody else has."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()

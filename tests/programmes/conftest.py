"""A workspace whose programmes may run."""

from __future__ import annotations

import pytest
from trigger_steps import prepare

from harken_server.database.database import Database


@pytest.fixture
async def db(database: Database) -> Database:
    await prepare(database)
    return database

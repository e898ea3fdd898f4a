"""Workspaces are made once and found by id or slug."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from harken_server.database.database import Database
from harken_server.workspaces.store.workspaces import (
    DEFAULT_SLUG,
    ensure_default_workspace,
    find_workspace,
    first_workspace,
    get_workspace,
)

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)


@pytest.fixture
async def empty(database: Database) -> Database:
    await database.execute("DELETE FROM workspace")
    return database


async def test_an_empty_database_has_no_first_workspace(empty: Database) -> None:
    assert await first_workspace(empty) is None


async def test_the_default_workspace_is_made_and_found_in_every_way(empty: Database) -> None:
    made = await ensure_default_workspace(empty, NOW, uuid4())

    assert made.created_at == NOW
    assert made == await get_workspace(empty, made.id)
    assert made == await find_workspace(empty, DEFAULT_SLUG)
    assert made == await first_workspace(empty)


async def test_the_default_workspace_is_made_only_once(empty: Database) -> None:
    first = await ensure_default_workspace(empty, NOW, uuid4())
    second = await ensure_default_workspace(empty, NOW + timedelta(days=1), uuid4())

    assert second == first


async def test_processes_that_start_together_agree_on_the_default_workspace(
    empty: Database,
) -> None:
    made = await asyncio.gather(*(ensure_default_workspace(empty, NOW, uuid4()) for _ in range(8)))

    assert len({workspace.id for workspace in made}) == 1


async def test_an_unknown_workspace_is_none(empty: Database) -> None:
    assert await get_workspace(empty, uuid4()) is None
    assert await find_workspace(empty, "nowhere") is None

"""A server that runs in a process of its own is noticed, however idle it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from served import Served

from harken_server.kernel.errors import StorageError
from harken_server.kernel.settings import Settings
from harken_server.upkeep.move import move


@pytest.mark.processes
async def test_nothing_moves_beside_a_server_without_worker_or_visitors_until_it_is_gone(
    database_url: str, empty_sqlite_url: str, settings: Callable[[str], Settings], tmp_path: Path
) -> None:
    server = Served("serve", tmp_path, HARKEN_DATABASE_URL=database_url, HARKEN_WORKER="off")
    try:
        with pytest.raises(StorageError) as refused:
            await move(settings(database_url), empty_sqlite_url)
    finally:
        server.kill()

    said = await moved_once_free(settings(database_url), empty_sqlite_url)

    assert refused.value.code == "database_in_use"
    assert "The old database is as it was" in said[1]


async def moved_once_free(source: Settings, url: str) -> Sequence[str]:
    """PostgreSQL notices a moment later that a killed process is gone."""
    for _ in range(100):
        try:
            return (await move(source, url))[0]
        except StorageError as error:
            assert error.code == "database_in_use"  # noqa: PT017  # tried again
            await asyncio.sleep(0.1)
    raise AssertionError("it is in use still")

"""Servers of a database know whether somebody copies it, and who copies knows of servers."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from harken_server.database.opening import no_server, serving
from harken_server.database.postgres import presence
from harken_server.kernel.errors import StorageError

HELD = (
    "FROM pg_locks WHERE locktype = 'advisory'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
CUT = f"SELECT pg_terminate_backend(pid) {HELD}"


async def is_free(url: str) -> bool:
    try:
        async with no_server(url):
            return True
    except StorageError:
        return False


async def test_beside_a_server_nobody_copies_and_beside_a_copy_nobody_serves(
    database_url: str,
) -> None:
    async with serving(database_url):
        during = await is_free(database_url)
    after = await is_free(database_url)
    async with no_server(database_url):
        with pytest.raises(StorageError) as refused:
            async with serving(database_url):
                pass

    assert (during, after) == (False, True)
    assert refused.value.code == "database_in_use"


@pytest.mark.postgres
async def test_postgresql_has_any_number_of_servers(postgres_url: str) -> None:
    async with serving(postgres_url):
        async with serving(postgres_url):
            pass
        assert not await is_free(postgres_url)


@pytest.mark.postgres
async def test_a_server_whose_connection_was_cut_is_known_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "ASK_EVERY_S", 0.05)
    other = await asyncpg.connect(postgres_url)
    async with serving(postgres_url):
        cut = await other.fetch(f"SELECT pid {HELD}")
        await other.fetch(CUT)
        for _ in range(200):
            held = await other.fetch(f"SELECT pid {HELD}")
            if held not in ([], cut):
                break
            await asyncio.sleep(0.05)

        assert held not in ([], cut)
        assert not await is_free(postgres_url)
    await other.close()


@pytest.mark.postgres
async def test_a_copy_that_could_not_keep_servers_away_says_so(postgres_url: str) -> None:
    other = await asyncpg.connect(postgres_url)

    with pytest.raises(StorageError, match="make sure that none was started"):
        async with no_server(postgres_url):
            await other.fetch(CUT)

    await other.close()

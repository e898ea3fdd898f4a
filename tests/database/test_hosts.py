"""Several hosts in a URL: one that is silent, refuses or only reads keeps nobody from the other."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from harken_server.database.database import Database
from harken_server.kernel.errors import StorageError

pytestmark = pytest.mark.postgres

QUICK_S = 3
"""A host that is silent costs a quarter of a second; a machine that is busy is given more."""


@pytest.fixture
def engine_name() -> str:
    """Only PostgreSQL has hosts."""
    return "postgres"


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Takes connections and says nothing, as a machine does that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def _with_first(url: str, *ports: int) -> str:
    user, _, rest = url.partition("@")
    return f"{user}@{''.join(f'127.0.0.1:{port},' for port in ports)}{rest}"


async def test_a_silent_host_that_is_named_first_holds_up_nobody(database_url, silent_port):
    began = time.monotonic()
    db = await Database.open(_with_first(database_url, silent_port))
    try:
        await db.check_writable()
        assert await db.fetch("SELECT 1") == [(1,)]
        assert [rows async for rows in db.stream("SELECT 1")] == [[(1,)]]
    finally:
        await db.close()
    assert time.monotonic() - began < QUICK_S


async def test_a_host_that_refuses_is_passed_over(database_url, unused_tcp_port):
    db = await Database.open(_with_first(database_url, unused_tcp_port))
    await db.check_writable()
    await db.close()


async def test_when_all_hosts_are_silent_the_error_comes_soon_and_names_them(silent_port):
    began = time.monotonic()
    with pytest.raises(StorageError, match=rf"127.0.0.1:{silent_port},localhost:{silent_port}"):
        await Database.open(f"postgresql://me@127.0.0.1:{silent_port},localhost:{silent_port}/x")
    assert time.monotonic() - began < 3 * QUICK_S


async def test_of_several_failures_the_one_is_told_that_a_server_explains(
    postgres_server, unused_tcp_port
):
    url = _with_first(postgres_server("nobody_made_this"), unused_tcp_port)
    with pytest.raises(StorageError, match=r"nobody_made_this.*does not exist"):
        await Database.open(url)


async def test_hosts_of_which_none_can_be_written_to_are_one_clear_error(database_url, other):
    name = await other.fetchval("SELECT current_database()")
    await other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    server = database_url.partition("@")[2].partition("/")[0]

    with pytest.raises(StorageError, match="read-write"):
        await Database.open(database_url.replace(server, f"{server},{server}"))

"""Tries are counted by all processes together, survive a restart, and leave few rows behind."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from api_client import Api, FakeClock
from house_steps import OTHER_PASSWORD, add_owner, stranger
from served import Served

from harken_server.http.problems import RateLimitedError
from harken_server.workspaces.people import guessing
from harken_server.workspaces.people.guessing import (
    FORGETS_EVERY,
    OF_ADDRESS,
    OF_KNOWN_NETWORK,
    Guesses,
)

AT_ONCE = 50


async def rows(api: Api) -> int:
    return (await api.runtime.db.fetch("SELECT COUNT(*) FROM guess"))[0][0]


def started_again(api: Api) -> None:
    """As after a restart: what a process kept is gone."""
    parts: Any = api.runtime.parts
    parts[Guesses] = Guesses(api.runtime.db, api.clock)


async def test_a_restart_forgets_no_try(api: Api) -> None:
    owner = await add_owner(api.runtime)
    for number in range(int(OF_ADDRESS.at_once)):
        await stranger(api, f"203.0.113.{number}").sign_in(owner.email, OTHER_PASSWORD)

    started_again(api)

    stopped = await stranger(api, "203.0.113.99").sign_in(owner.email, OTHER_PASSWORD)
    assert stopped.status_code == 429


@pytest.mark.parametrize(
    ("made_up", "kept"),
    [(1_000, 300), pytest.param(10_000, guessing.MOST_KEPT, marks=pytest.mark.nightly)],
)
async def test_many_made_up_addresses_leave_few_rows_and_no_owner_outside(
    api: Api, clock: FakeClock, made_up: int, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "MOST_KEPT", kept)
    runtime = api.runtime
    known = OF_KNOWN_NETWORK, "owner@example.com 198.51.100.4"
    for _ in range(int(OF_ADDRESS.at_once)):
        await guessing.count_sign_in(runtime, "victim@example.com", "n", is_known=False)

    async def guess(number: int) -> None:
        clock.move(milliseconds=1)
        network = f"2001:db8:{number:x}::/64"
        await guessing.count_sign_in(runtime, f"{number}@example.com", network, is_known=False)

    for start in range(0, made_up, AT_ONCE):
        await asyncio.gather(*(guess(number) for number in range(start, start + AT_ONCE)))

    assert kept < await rows(api) <= kept + 2 * (FORGETS_EVERY + AT_ONCE)
    assert await guessing.count(runtime, known)
    with pytest.raises(RateLimitedError):  # whoever tried most is forgotten last
        await guessing.count_sign_in(runtime, "victim@example.com", "m", is_known=False)
    clock.move(hours=1)
    started_again(api)
    await guessing.count(runtime, known)
    assert await rows(api) == 1


async def test_a_try_that_one_budget_refuses_takes_of_no_other(api: Api) -> None:
    runtime = api.runtime
    tried = [(OF_ADDRESS, "a"), (guessing.OF_NETWORK, "n")]
    for _ in range(int(OF_ADDRESS.at_once)):
        await guessing.count(runtime, *tried)
    for _ in range(int(guessing.OF_NETWORK.at_once)):
        with pytest.raises(RateLimitedError):
            await guessing.count(runtime, *tried)

    assert await guessing.count(runtime, (guessing.OF_NETWORK, "n"))


async def test_tries_in_one_moment_are_counted_one_by_one(api: Api) -> None:
    counted = await asyncio.gather(
        *(guessing.count(api.runtime, (OF_ADDRESS, "a")) for _ in range(30)),
        return_exceptions=True,
    )

    assert sum(isinstance(each, guessing.Try) for each in counted) == OF_ADDRESS.at_once


@pytest.mark.processes
def test_two_processes_give_no_more_tries_than_one(postgres_url: str, tmp_path: Path) -> None:
    settings = {
        "HARKEN_DATABASE_URL": postgres_url,
        "HARKEN_SECRET_KEY": "made up " * 5,
        "HARKEN_TRUSTED_PROXIES": "1",
    }
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    servers = [Served("serve", folder, **settings) for folder in folders]
    try:
        statuses = [_guess(servers[number % 2], number) for number in range(14)]
    finally:
        ended = [server.stop() for server in servers]

    most = int(OF_ADDRESS.at_once)
    assert statuses == [422] * most + [429] * (14 - most)
    assert ended == [0, 0]


def _guess(server: Served, number: int) -> int:
    """Try a password for one address, each time from another network."""
    form = urllib.parse.urlencode({"email": "ada@shop.example", "password": OTHER_PASSWORD})
    asked = urllib.request.Request(f"{server.url}/sign-in", form.encode())
    asked.add_header("x-forwarded-for", f"203.0.113.{number + 1}")
    try:
        with urllib.request.urlopen(asked, timeout=20) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code

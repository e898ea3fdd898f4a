"""Kill it at any moment: what was acknowledged is there, once, whole, and counted."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from survey_records import add_survey

from harken_server.database.lanes import Positions, lane_of
from harken_server.database.migrate import migrate
from harken_server.database.opening import open_database
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.recount import recount

pytestmark = pytest.mark.processes

ROUNDS = {"test": 4, "nightly": 30}
STORING = Path(__file__).with_name("store_until_killed.py")


class Load:
    """A process that stores responses; what it acknowledged is in a file."""

    def __init__(self, url: str, place: tuple[UUID, UUID]) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, str(STORING), url, *map(str, place)], stdout=self._said
        )

    def wait_ready(self) -> None:
        deadline = time.monotonic() + 30
        while os.fstat(self._said.fileno()).st_size == 0:
            assert self._process.poll() is None, "the process ended by itself"
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def kill(self) -> set[UUID]:
        """SIGKILL; the ids that were acknowledged in full."""
        assert self._process.poll() is None, "the process ended by itself"
        self._process.kill()
        self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode().split("\n")[1:-1]
        self._said.close()
        return {UUID(line) for line in lines}


async def test_kill_9_loses_nothing_acknowledged(database_url, tier):
    place, acknowledged = await _place(database_url), set[UUID]()
    randomness = random.Random(20260301)

    for _ in range(ROUNDS[tier]):
        load = Load(database_url, place)
        load.wait_ready()
        await asyncio.sleep(randomness.uniform(0.01, 0.35))
        acknowledged |= load.kill()

    await _check(database_url, place, acknowledged)


async def test_a_postgres_that_dies_loses_nothing_acknowledged(postgres_factory):
    server = postgres_factory(fsync=True)
    await migrate(server.url())
    place = await _place(server.url())
    load = Load(server.url(), place)
    load.wait_ready()

    for _ in range(2):
        await asyncio.sleep(0.4)
        server.stop("immediate")
        server.start()
        await asyncio.sleep(0.6)
    acknowledged = load.kill()

    await _check(server.url(), place, acknowledged)


async def _place(url: str) -> tuple[UUID, UUID]:
    """Workspace and id of a new survey."""
    db = await open_database(url)
    survey = await add_survey(db, uuid4())
    await db.close()
    return survey.workspace_id, survey.id


async def _check(url: str, place: tuple[UUID, UUID], acknowledged: set[UUID]) -> None:
    assert await migrate(url) == ()
    db = await open_database(url)
    stored: list[UUID] = []
    after: Positions = {}
    while page := await list_responses(db, *place, after=after, limit=1000):
        after |= {lane_of(response.position): response.position for response in page}
        stored += [response.id for response in page]
        for response in page:
            expected = json.loads(response.context)["answers"]
            assert len(response.answers) == expected, f"{response.id} is half stored"
    differences = await recount(db, *place)
    integrity = await db.fetch("PRAGMA integrity_check") if db.dialect == "sqlite" else [("ok",)]
    await db.close()
    assert len(stored) == len(set(stored))
    assert acknowledged
    assert acknowledged <= set(stored), f"{len(acknowledged - set(stored))} acknowledged are lost"
    assert differences == []
    assert integrity == [("ok",)]


async def test_the_check_itself_notices_a_lost_response(sqlite_url):
    place = await _place(sqlite_url)
    load = Load(sqlite_url, place)
    load.wait_ready()
    await asyncio.sleep(0.2)
    acknowledged = load.kill()

    with pytest.raises(AssertionError, match="1 acknowledged are lost"):
        await _check(sqlite_url, place, acknowledged | {uuid4()})

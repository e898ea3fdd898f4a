"""Lanes on PostgreSQL: one a writer, taken over when its holder is gone, the last one shared."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from harken_server.database.database import Database
from harken_server.database.lanes import Positions, first_position, lane_of
from harken_server.database.opening import open_database
from harken_server.database.postgres import writer
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.writing import RESPONSES

pytestmark = pytest.mark.postgres

STORING = Path(__file__).parents[1] / "crash" / "store_until_killed.py"


@pytest.fixture
def engine_name() -> str:
    """SQLite has one writer."""
    return "postgres"


@pytest.fixture
async def other(database_url) -> AsyncIterator[asyncpg.Connection]:
    """A connection of somebody else."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def _store(db: Database, make_response, count: int = 1) -> list[int]:
    """Store so many, one after the other; their positions."""
    news = [make_response() for _ in range(count)]
    for new in news:
        assert (await db.store(RESPONSES, new)).kind == "stored"
    rows = await db.fetch(
        "SELECT position FROM response WHERE id = ANY($1) ORDER BY position",
        [new.id for new in news],
    )
    return [row[0] for row in rows]


async def test_each_writer_has_a_lane_of_its_own(database, database_url, make_response):
    databases = [database, await open_database(database_url), await open_database(database_url)]

    positions = [await _store(db, make_response, 2) for db in databases]

    assert positions == [[first_position(lane) + n for n in (1, 2)] for lane in (1, 2, 3)]
    for db in databases[1:]:
        await db.close()


async def test_a_lane_is_free_again_once_its_writer_closed(database, database_url, make_response):
    first = await open_database(database_url)
    await _store(first, make_response, 3)
    await first.close()

    assert await _store(database, make_response, 2) == [first_position(1) + n for n in (4, 5)]


@pytest.mark.processes
async def test_a_lane_goes_on_without_gap_or_repeat_after_its_holder_was_killed(
    database, database_url, make_response
):
    blank = make_response()
    place = (str(blank.survey.workspace_id), str(blank.survey.id))
    killed = await asyncio.create_subprocess_exec(
        sys.executable, str(STORING), database_url, *place, stdout=asyncio.subprocess.PIPE
    )
    assert killed.stdout is not None
    while await killed.stdout.readline() in {b"", b"ready\n"}:
        pass
    killed.kill()
    await killed.communicate()
    await _until_nobody_has_a_lane(database)

    after = await _store(database, make_response, 3)

    stored = await list_responses(
        database, blank.survey.workspace_id, blank.survey.id, after={}, limit=100_000
    )
    assert [lane_of(position) for position in after] == [1, 1, 1]
    assert [item.position - first_position(1) for item in stored] == [*range(1, len(stored) + 1)]
    assert [item.position for item in stored[-3:]] == after
    assert len(stored) > 3


async def test_a_writer_that_lost_its_connection_goes_on_in_a_lane(
    database, database_url, make_response, other
):
    neighbour = await open_database(database_url)
    await _store(database, make_response)
    await _store(neighbour, make_response)
    await other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1"
    )
    await asyncio.sleep(0.1)

    assert await _store(database, make_response) == [first_position(1) + 2]
    assert await _store(neighbour, make_response) == [first_position(2) + 2]
    await neighbour.close()


async def test_more_writers_than_lanes_share_the_last_one(
    database_url, make_response, monkeypatch, database
):
    monkeypatch.setattr(writer, "MOST_LANES", 3)
    databases = [await open_database(database_url) for _ in range(4)]
    news = [[make_response() for _ in range(30)] for _ in databases]

    await asyncio.gather(
        *(db.store(RESPONSES, new) for db, own in zip(databases, news, strict=True) for new in own)
    )

    blank = news[0][0]
    stored = await list_responses(
        database, blank.survey.workspace_id, blank.survey.id, after={}, limit=1000
    )
    assert [item.position for item in stored] == [
        *(first_position(1) + n for n in range(1, 31)),
        *(first_position(2) + n for n in range(1, 91)),
    ]
    for db in databases:
        await db.close()


async def test_a_follower_of_a_shared_lane_misses_nothing(
    database_url, make_response, monkeypatch, database
):
    monkeypatch.setattr(writer, "MOST_LANES", 2)
    databases = [await open_database(database_url) for _ in range(3)]
    blank = make_response()
    seen: list[int] = []
    after: Positions = {}

    async def store(db: Database) -> None:
        for _ in range(25):
            await db.store(RESPONSES, make_response())

    writing = [asyncio.ensure_future(store(db)) for db in databases]
    while not all(task.done() for task in writing) or len(seen) < 75:
        page = await list_responses(
            database, blank.survey.workspace_id, blank.survey.id, after=after, limit=7
        )
        seen += [item.position for item in page]
        after |= {lane_of(item.position): item.position for item in page}
        await asyncio.sleep(0)

    assert seen == [first_position(1) + n for n in range(1, 76)]
    for db in databases:
        await db.close()


async def test_a_connection_that_got_no_lane_is_not_used(database, make_response, other):
    await other.execute("ALTER TABLE feed RENAME TO elsewhere")
    with pytest.raises(asyncpg.UndefinedTableError):
        await database.store(RESPONSES, make_response())
    await other.execute("ALTER TABLE elsewhere RENAME TO feed")

    assert lane_of((await _store(database, make_response))[0]) > 0


async def _until_nobody_has_a_lane(db: Database) -> None:
    """PostgreSQL notices a killed client when it next writes to it."""
    for _ in range(1500):
        if not await db.fetch("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("somebody still has a lane")

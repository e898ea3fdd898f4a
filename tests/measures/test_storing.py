"""What the measure of several processes says was stored is there, in lanes of their own."""

from __future__ import annotations

import asyncpg
import pytest
from survey_records import add_survey

from bench.storing import Storer
from bench.survey import WORKSPACE_ID
from harken_server.database.opening import open_database

pytestmark = [pytest.mark.postgres, pytest.mark.processes]


async def test_two_processes_store_what_they_say(postgres_url):
    db = await open_database(postgres_url)
    survey = await add_survey(db, WORKSPACE_ID)
    await db.close()
    storers = [Storer(postgres_url) for _ in range(2)]
    for storer in storers:
        storer.begin(survey.id, clients=4, seconds=0.2)
    done = [storer.finish() for storer in storers]
    for storer in storers:
        storer.close()

    connection = await asyncpg.connect(postgres_url)
    rows = await connection.fetch(
        "SELECT number >> 40 AS lane, count(*) AS n FROM response WHERE survey_number = $1"
        " GROUP BY 1 ORDER BY 1",
        survey.number,
    )
    await connection.close()
    assert [row["lane"] for row in rows] == [1, 2]
    assert sorted(row["n"] for row in rows) == sorted(stored.acked for stored in done)
    assert all(len(stored.latencies_ms) == stored.acked for stored in done)

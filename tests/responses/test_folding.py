"""Counts of past days are folded into one lane, and no sum changes for whoever reads meanwhile."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from api_client import FakeClock

from harken_server.app import open_runtime
from harken_server.configuration import load_settings
from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter
from harken_server.responses.store import folding_sql
from harken_server.responses.store.changing import erase_response, set_standing
from harken_server.responses.store.counted import COUNT_TABLES
from harken_server.responses.store.folding_sql import fold_counts
from harken_server.responses.store.recount import recount
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.worker import TICKS

OLD = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
AFTER = OLD.toordinal() + 1


@pytest.fixture
async def writers(database, database_url) -> AsyncIterator[list[Database]]:
    """Three servers' databases; on SQLite the one that there can be."""
    count = 2 if database.dialect == "postgres" else 0
    others = [await open_database(database_url) for _ in range(count)]
    yield [database, *others]
    for db in others:
        await db.close()


async def _sums(db: Database, new: Any) -> list[tuple[Any, ...]]:
    place = new.survey.workspace_id, new.survey.id
    return list(await read_counts(db, *place, CountFilter(), questions=None, per_day=True))


async def _lanes(db: Database) -> list[tuple[int, int]]:
    """How many rows each lane has."""
    lanes: list[list[tuple[int, int]]] = []
    for table in COUNT_TABLES:
        counted = f"SELECT lane, count(*) FROM {table.name} GROUP BY lane ORDER BY lane"
        lanes.append([(row[0], row[1]) for row in await db.fetch(counted)])
    assert all(each == lanes[0] for each in lanes)  # there is one touchpoint here
    return lanes[0]


async def test_what_several_writers_counted_becomes_one_row(writers, make_response):
    blank = make_response()
    for db in writers:
        for rating in (3, 9):
            await db.store(
                RESPONSES,
                make_response(received_at=OLD, answers=[AnswerRow("recommend", rating=rating)]),
            )
    before = await _sums(writers[0], blank)

    folded = await fold_counts(writers[0], AFTER)

    assert folded == (len(COUNT_TABLES) if len(writers) > 1 else 0)
    assert await _lanes(writers[0]) == [(0, 1)]
    assert await _sums(writers[0], blank) == before
    assert await recount(writers[0], blank.survey.workspace_id, blank.survey.id) == []
    assert await fold_counts(writers[0], AFTER) == 0


async def test_days_that_are_not_over_stay_apart(writers, make_response):
    for db in writers:
        await db.store(RESPONSES, make_response(received_at=OLD))
    before = await _lanes(writers[0])

    assert await fold_counts(writers[0], OLD.toordinal()) == 0

    assert await _lanes(writers[0]) == before


async def test_a_count_that_is_one_row_stays_where_it_is(writers, make_response):
    await writers[0].store(RESPONSES, make_response(received_at=OLD))
    before = await _lanes(writers[0])

    assert await fold_counts(writers[0], AFTER) == 0

    assert await _lanes(writers[0]) == before


async def test_counts_of_nobody_go_away(writers, make_response):
    erased, moved = make_response(received_at=OLD), make_response(
        received_at=OLD, is_complete=False, answers=[AnswerRow("recommend", rating=2)]
    )  # fmt: skip
    await writers[0].store(RESPONSES, erased)
    await writers[0].store(RESPONSES, moved)
    await erase_response(writers[0], erased.survey.workspace_id, erased.survey.id, erased.id)
    await writers[-1].store(
        RESPONSES,
        make_response(
            id=moved.id, sequence=2, replaces=1, answers=[AnswerRow("recommend", rating=4)]
        ),
    )

    await fold_counts(writers[0], AFTER)

    for table in COUNT_TABLES:
        assert await writers[0].fetch(f"SELECT CAST(counts AS TEXT) FROM {table.name}") in (
            [('{"4":1}',)], [('{"4": 1}',)]
        )  # fmt: skip
    assert await recount(writers[0], moved.survey.workspace_id, moved.survey.id) == []


async def test_more_than_one_transaction_takes_are_folded_in_several(
    writers, make_response, monkeypatch
):
    monkeypatch.setattr(folding_sql, "MOST_AT_ONCE", 4)
    for db in writers:
        for number in range(11):
            day, answers = OLD - timedelta(days=number), [AnswerRow("recommend", rating=9)]
            await db.store(RESPONSES, make_response(received_at=day, answers=answers))

    folded = await fold_counts(writers[0], AFTER)

    assert folded == (11 * len(COUNT_TABLES) if len(writers) > 1 else 0)
    assert await _lanes(writers[0]) == [(0, 11)]


async def test_no_sum_changes_while_it_folds(writers, make_response):
    blank = make_response()
    for db in writers:
        for _ in range(25):
            answers = [AnswerRow("recommend", rating=random.randint(0, 10))]
            await db.store(
                RESPONSES,
                make_response(
                    received_at=OLD - timedelta(days=random.randint(0, 30)), answers=answers
                ),
            )
    before = await _sums(writers[0], blank)

    folding = asyncio.ensure_future(fold_counts(writers[0], AFTER))
    read = [await _sums(writers[-1], blank)]
    while not folding.done():
        read.append(await _sums(writers[-1], blank))
    await folding

    assert all(sums == before for sums in read)
    assert await _sums(writers[0], blank) == before


async def test_a_row_that_somebody_is_changing_is_left_for_the_next_time(
    writers, make_response, database_url
):
    blank = make_response()
    for db in writers:
        await db.store(RESPONSES, make_response(received_at=OLD))
    sums = await _sums(writers[0], blank)
    if len(writers) == 1:
        assert await fold_counts(writers[0], AFTER) == 0
        return
    async with writers[1].transaction() as tx:
        for table in COUNT_TABLES:
            await tx.execute(f"SELECT 1 FROM {table.name} WHERE lane = 2 FOR UPDATE")
        async with asyncio.timeout(10):
            await fold_counts(writers[0], AFTER)
        assert [lane for lane, _ in await _lanes(writers[0])] == [0, 2]

    await fold_counts(writers[0], AFTER)

    assert [lane for lane, _ in await _lanes(writers[0])] == [0]
    assert await _sums(writers[0], blank) == sums


async def test_counts_equal_a_recount_after_folding_beside_writers(writers, make_response):
    """Writers keep changing responses of past days while they are folded again and again."""
    dice = random.Random(20260302)
    ids = [uuid4() for _ in range(30)]
    place = (make_response().survey.workspace_id, make_response().survey.id)

    async def act(db: Database) -> None:
        chosen, what = dice.choice(ids), dice.random()
        if what < 0.03:
            await erase_response(db, *place, chosen)
        elif what < 0.15:
            await set_standing(db, *place, chosen, dice.choice(("counted", "excluded")))
        else:
            found = await get_response(db, *place, chosen)
            sequence = 0 if found is None else found.sequence
            await db.store(RESPONSES, make_response(
                id=chosen, sequence=sequence + 1, replaces=sequence or None, is_complete=False,
                received_at=OLD - timedelta(days=dice.randint(0, 2)),
                touchpoint=dice.choice(("", "shop.till", "shop.door")),
                answers=[AnswerRow("recommend", rating=dice.randint(0, 10)),
                         AnswerRow("reason", choice=dice.choice("abc"))],
            ))  # fmt: skip

    async def change() -> None:
        for _ in range(8):
            await asyncio.gather(*(act(db) for db in writers for _ in range(12)))

    writing = asyncio.ensure_future(change())
    folded = 0
    while not writing.done():
        folded += await fold_counts(writers[-1], AFTER)
        await asyncio.sleep(0)
    await writing

    assert folded > 0 or len(writers) == 1
    assert await recount(writers[0], *place) == []
    await fold_counts(writers[0], AFTER)
    for table in COUNT_TABLES:
        assert await writers[0].fetch(
            f"SELECT 1 FROM {table.name} WHERE CAST(counts AS TEXT) IN ('{{}}', '') OR"
            " CAST(counts AS TEXT) LIKE '%-%'"
        ) == []  # fmt: skip
    assert await recount(writers[0], *place) == []


async def test_the_worker_folds_once_a_day_what_is_older_than_yesterday(
    writers, database_url, make_response, tmp_path: Path
):
    (tick,) = (tick for tick in TICKS if tick.name == "counts")
    for db in writers:
        for days in (0, 1, 2):
            await db.store(RESPONSES, make_response(received_at=OLD - timedelta(days=days)))
    if len(writers) == 1:
        await writers[0].close()
    settings = {"HARKEN_DATABASE_URL": database_url, "HARKEN_DATA_DIR": str(tmp_path / "data")}

    async with open_runtime(load_settings(settings), clock=FakeClock(OLD)) as runtime:
        await tick.run(runtime)

        rows = await runtime.db.fetch(
            "SELECT DISTINCT day - $1, lane FROM answer_count", OLD.toordinal()
        )
    assert tick.every_s == 24 * 3600
    assert {row[0] for row in rows if row[1] > 0} == ({0, -1} if len(writers) > 1 else set())
    assert {row[0] for row in rows if row[1] == 0} == ({-2} if len(writers) > 1 else {0, -1, -2})

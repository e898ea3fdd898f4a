"""Drivers beside least squares; scores, trends, breakdowns beside DuckDB over Parquet.

The drivers of 15 items are read from 100,000 whole responses, which numpy's least squares are given
as a table that is read already: what the drivers take more is reading, the other 32,766 sets of
items, and 200 draws. All else is of a year at 20 touchpoints, through the server's own routes;
DuckDB counts the same answers in Parquet, without intervals. What is loaded for it is kept in
`HARKEN_BENCH_DATA`; `HARKEN_BENCH_SIZES=10000,1000000` measures these sizes alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bench.filling import fill
from bench.insight_house import house_folder, load_house, write_parquet
from bench.insight_routes import measure_routes
from bench.postgres import own_database, postgres
from bench.report import result, rounded
from bench.survey import SURVEY_ID, WORKSPACE_ID, add_survey
from harken_server.database.migrate import migrate
from harken_server.database.opening import open_database
from harken_server.insights.read.drivers import read_drivers
from harken_server.insights.read.place import Place
from harken_server.insights.rules.drivers.items import rated_items
from harken_server.insights.rules.drivers.records import Drivers, Wish
from harken_server.insights.store.ratings_sql import read_ratings
from harken_server.responses.response import CountFilter
from harken_server.surveys.survey import Survey

ITEMS = 15
SIZE = 100_000
SIZES, QUICK_SIZES = (10_000, 1_000_000, 10_000_000), (10_000, 100_000)
ROUNDS, QUICK_ROUNDS = 5, 3
SURVEY = msgspec.convert(
    {
        "key": "bench",
        "title": "How was your visit?",
        "questions": [
            {"type": "nps", "key": "recommend", "text": "Would you recommend us?"},
            *({"type": "rating", "key": f"i{n}", "text": f"Item {n}"} for n in range(ITEMS)),
        ],
    },
    Survey,
)
_TONE = "((number * 7919) % 101) / 26"
"""0 to 3: how somebody felt that day."""


def run(quick: bool) -> dict[str, Any]:
    """`value` is the milliseconds of the drivers on SQLite, reading included."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="harken-bench-")))
        urls = {"sqlite": f"sqlite:///{folder / 'bench.sqlite3'}"}
        if not quick:
            urls["postgres"] = stack.enter_context(postgres())
        rounds = QUICK_ROUNDS if quick else ROUNDS
        details = {name: asyncio.run(_measure(url, rounds)) for name, url in urls.items()}
    for size in _sizes(quick):
        details[f"sqlite_{size}"] = _measure_house("sqlite", size, rounds)
        if not quick:
            details[f"postgres_{size}"] = _measure_house("postgres", size, rounds)
    sqlite = details["sqlite"]
    return result(
        "insights", f"ms for drivers of {ITEMS} items over {SIZE:,} responses, SQLite",
        sqlite["drivers_ms"], "numpy's least squares over the same table, once",
        sqlite["least_squares_ms"], details,
    )  # fmt: skip


def _sizes(quick: bool) -> tuple[int, ...]:
    chosen = os.environ.get("HARKEN_BENCH_SIZES")
    if chosen:
        return tuple(map(int, chosen.split(",")))
    return QUICK_SIZES if quick else SIZES


def _measure_house(dialect: str, size: int, rounds: int) -> dict[str, Any]:
    """One database after the other, so that each has the memory for itself."""
    folder, file = house_folder(size, dialect), house_folder(size, "parquet") / "answers.parquet"
    for each in (folder, file.parent):
        each.mkdir(parents=True, exist_ok=True)
    write_parquet(file, size)
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder / 'bench.sqlite3'}"
        if dialect == "postgres":
            url = stack.enter_context(postgres(kept=folder / "server"))
            if not (folder / "loaded").exists():
                own_database(url, "house")
            url = f"{url.rpartition('/')[0]}/house"
        asyncio.run(load_house(folder, url, size))
        return asyncio.run(measure_routes(folder, url, file, rounds))


async def _measure(url: str, rounds: int) -> dict[str, Any]:
    await migrate(url)
    db = await open_database(url, synchronous="normal")
    try:
        await fill(db, SIZE, (await add_survey(db)).number)
        await db.execute(f"UPDATE response SET answers = {_answers(db.dialect)}")
        place = Place(db, WORKSPACE_ID, SURVEY_ID, SURVEY.questions, CountFilter())
        table = await _read(place)
        taken: dict[str, list[float]] = {}
        for _ in range(rounds):
            for name, work in (
                ("drivers", lambda: _drivers(place)),
                ("relative_weights", lambda: _drivers(place, Wish(method="relative_weights"))),
                ("reading", lambda: _read(place)),
                ("least_squares", lambda: _least_squares(table)),
            ):
                taken.setdefault(name, []).append(await _timed_ms(work))
        await _check(place, table)
    finally:
        await db.close()
    return {f"{name}_ms": rounded(statistics.median(times)) for name, times in taken.items()}


async def _drivers(place: Place, wish: Wish | None = None) -> Drivers:
    _, found = await read_drivers(place, "recommend", None, wish or Wish())
    return found


async def _read(place: Place) -> Any:
    items = rated_items(place.questions)
    return await read_ratings(
        place.db, place.workspace_id, place.survey_id, items, place.selection, most=SIZE
    )


async def _least_squares(table: Any) -> float:
    """R² of all items together."""
    centred = table.astype(np.float64) - table.mean(axis=0)
    outcome, items = centred[:, 0], centred[:, 1:]
    weights, *_ = np.linalg.lstsq(items, outcome, rcond=None)
    left = outcome - items @ weights
    return float(1 - left @ left / (outcome @ outcome))


async def _check(place: Place, table: Any) -> None:
    """Both must explain the same, or the comparison means nothing."""
    found, expected = await _drivers(place), await _least_squares(table)
    if len(table) != SIZE or abs((found.r_squared or 0) - expected) > 1e-6:
        raise RuntimeError(f"the drivers explain {found.r_squared}, the least squares {expected}")


async def _timed_ms(work: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


def _answers(dialect: str) -> str:
    """SQL for a document with all ratings, which share a tone and differ by the row."""
    rated = " || ',' || ".join(
        f"""'"i{n}":' || (1 + {_TONE} + (number * {7901 + 2 * n} / 13) % 2)""" for n in range(ITEMS)
    )
    outcome = f"(2 * ({_TONE}) + (number * 104729 / 7) % 4)"
    text = f"""'{{"r":{{"recommend":' || {outcome} || ',' || {rated} || '}}}}'"""
    return text if dialect == "sqlite" else f"({text})::jsonb"

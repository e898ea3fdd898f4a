"""CSV rows per second beside merely fetching the same rows, and beside psql's own COPY."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.export_beside_submit import HEAVY_READERS, measure_submit_during_export
from bench.export_formats import measure_formats
from bench.filling import fill
from bench.postgres import own_database, postgres, psql
from bench.report import paired_ratio, result, rounded
from bench.server_process import peak_rss_mb
from bench.survey import KEY, SURVEY, SURVEY_ID, WORKSPACE_ID, add_survey
from harken_server.database.database import Database
from harken_server.database.migrate import migrate
from harken_server.database.opening import open_database
from harken_server.exports.csv import stream_csv
from harken_server.exports.jsonl import stream_jsonl
from harken_server.responses.response import CountFilter
from harken_server.surveys.published import SurveyRecord

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RECORD = SurveyRecord(
    id=SURVEY_ID, number=1, workspace_id=WORKSPACE_ID, key=KEY, status="live", version=1,
    created_at=NOW, updated_at=NOW,
)  # fmt: skip
SMALL, LARGE = 100_000, 1_000_000
QUICK_SMALL, QUICK_LARGE = 20_000, 60_000
ROUNDS, QUICK_ROUNDS = 3, 5
FETCH = """SELECT number, id, version, state, submitted_at, started_at, updated_at,
  channel, touchpoint, locale, respondent, is_sample, context, answers
FROM response WHERE survey_number = ? ORDER BY position"""


def run(quick: bool) -> dict[str, Any]:
    """`value` is thousand CSV rows per second on SQLite, the baseline fetching alone."""
    sizes = (QUICK_SMALL, QUICK_LARGE) if quick else (SMALL, LARGE)
    rounds = QUICK_ROUNDS if quick else ROUNDS
    details: dict[str, Any] = {"responses": sizes[1]}
    with tempfile.TemporaryDirectory(prefix="harken-bench-") as name:
        files = [Path(name) / f"{size}.sqlite3" for size in sizes]
        for size, file in zip(sizes, files, strict=True):
            asyncio.run(_fill(f"sqlite:///{file}", size))
        details["sqlite"] = asyncio.run(_measure_sqlite(files[1], sizes[1], rounds))
        details["sqlite"] |= asyncio.run(_measure_jsonl(files[0], sizes[0]))
        peaks = [_peak_rss_mb(file) for file in files]
        details["peak_rss_mb"] = dict(zip(sizes, peaks, strict=True))
        details["peak_rss_growth_mb"] = rounded(peaks[1] - peaks[0])
        details["formats"] = measure_formats(
            files[not quick], sizes[not quick], None if quick else (files[0], sizes[0])
        )
        details["submit_beside_export"] = measure_submit_during_export(
            Path(name), min(sizes[1], SMALL), 2 if quick else 5
        )
        details["submit_beside_typed_files"] = {
            kind: measure_submit_during_export(
                Path(name), min(sizes[1], SMALL), 1 if quick else 5, kinds=(kind,)
            )
            for kind in ("export.xlsx", "export.parquet", "export.sav")
        }
        details["submit_beside_50_readers"] = measure_submit_during_export(
            Path(name), min(sizes[1], SMALL), 2 if quick else 5, readers=HEAVY_READERS
        )
    with postgres() as url, tempfile.TemporaryDirectory(prefix="harken-bench-") as name:
        details["submit_beside_50_readers_postgres"] = measure_submit_during_export(
            Path(name), min(sizes[1], SMALL), 2 if quick else 5,
            url=own_database(url, "beside"), readers=HEAVY_READERS,
        )  # fmt: skip
        asyncio.run(_fill(url, sizes[1]))
        details["postgres"] = asyncio.run(_measure_postgres(url, sizes[1], rounds))
    sqlite = details["sqlite"]
    return result(
        "export", "thousand CSV rows/s, SQLite", sqlite["csv_krows_per_s"],
        "fetching the same rows unformatted", sqlite["fetch_krows_per_s"], details,
        ratio=sqlite["ratio_to_fetch"],
    )  # fmt: skip


async def _fill(url: str, size: int) -> None:
    await migrate(url)
    db = await open_database(url, synchronous="normal")
    await fill(db, size, (await add_survey(db)).number)
    await db.close()


async def _measure_sqlite(file: Path, size: int, rounds: int) -> dict[str, Any]:
    db = await open_database(f"sqlite:///{file}")
    times = await _rounds(rounds, {
        "csv": lambda: drain(db),
        "fetch": lambda: asyncio.to_thread(_fetch, file),
    })  # fmt: skip
    await db.close()
    return {
        **{f"{name}_krows_per_s": _krows(size, taken) for name, taken in times.items()},
        "ratio_to_fetch": rounded(paired_ratio(times["fetch"], times["csv"])),
    }


async def _measure_jsonl(file: Path, size: int) -> dict[str, Any]:
    db = await open_database(f"sqlite:///{file}")
    times = await _rounds(3, {"jsonl": lambda: drain(db, is_csv=False)})
    await db.close()
    return {"jsonl_krows_per_s": _krows(size, times["jsonl"])}


async def _measure_postgres(url: str, size: int, rounds: int) -> dict[str, Any]:
    program = psql()
    db = await open_database(url)
    query = await _copy_query(db)
    work: dict[str, Callable[[], Awaitable[Any]]] = {"csv": lambda: drain(db)}
    if program is not None:
        work["psql_copy"] = lambda: _run_psql(program, url, query)
    times = await _rounds(rounds, work)
    await db.close()
    shown: dict[str, Any] = {
        f"{name}_krows_per_s": _krows(size, taken) for name, taken in times.items()
    }
    if program is None:
        return {**shown, "skipped": "no psql program"}
    return {**shown, "ratio_to_psql": rounded(paired_ratio(times["psql_copy"], times["csv"]))}


async def _rounds(
    rounds: int, work: dict[str, Callable[[], Awaitable[Any]]]
) -> dict[str, list[float]]:
    """Seconds of each kind of work, taking turns."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, once in work.items():
            began = time.perf_counter()
            await once()
            times[name].append(time.perf_counter() - began)
    return times


async def drain(db: Database, *, is_csv: bool = True) -> int:
    """Export everything and throw the bytes away; how many there were."""
    stream = stream_csv if is_csv else stream_jsonl
    size = 0
    async with contextlib.aclosing(
        stream(db, WORKSPACE_ID, RECORD, [(1, SURVEY)], CountFilter())
    ) as chunks:
        async for chunk in chunks:
            size += len(chunk)
    return size


def _fetch(file: Path) -> int:
    """All rows of responses and of answers, as plain tuples, chunk by chunk."""
    connection = sqlite3.connect(file)
    rows = 0
    cursor = connection.execute(FETCH, (RECORD.number,))
    while chunk := cursor.fetchmany(2000):
        rows += len(chunk)
    connection.close()
    return rows


async def _copy_query(db: Database) -> str:
    """The statement that the export itself runs, as COPY for psql."""
    asked: list[str] = []

    def note(sql: str, *params: Any) -> AsyncIterator[list[Any]]:
        stated = sql
        for number, value in reversed(list(enumerate(params, 1))):
            stated = stated.replace(f"${number}", f"'{value}'")
        asked.append(stated)
        return original(sql, *params)

    original, db.stream = db.stream, note
    await drain(db)
    db.stream = original
    (statement,) = asked
    return f"COPY ({statement}) TO STDOUT (FORMAT csv)"


async def _run_psql(program: str, url: str, query: str) -> None:
    process = await asyncio.create_subprocess_exec(
        program, url, "-qc", query, stdout=subprocess.DEVNULL
    )
    if await process.wait():
        raise RuntimeError("psql failed")


def _krows(size: int, times: list[float]) -> float:
    return rounded(size / statistics.median(times) / 1000)


def _peak_rss_mb(file: Path) -> float:
    """Peak memory of a process that exports this file once."""
    output = subprocess.run(
        [sys.executable, "-m", "bench.export", str(file)],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1],
    ).stdout  # fmt: skip
    return json.loads(output)


async def _export_once(file: str) -> None:
    db = await open_database(f"sqlite:///{file}")
    await drain(db)
    await db.close()
    print(json.dumps(peak_rss_mb()))


if __name__ == "__main__":
    asyncio.run(_export_once(sys.argv[1]))

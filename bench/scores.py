"""A score from the counts, few responses and many, beside the same score by scanning answers.

All responses are counted by eight dimensions besides; a score of one member costs what it is made
of, which is no more than a row for each day, touchpoint and channel.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any

import msgspec

from bench.filling import fill
from bench.postgres import postgres
from bench.report import result, rounded
from bench.survey import SURVEY, SURVEY_ID, WORKSPACE_ID, add_survey
from harken_server.database.database import Database
from harken_server.database.migrate import migrate
from harken_server.database.opening import open_database
from harken_server.insights.read.scores import read_scores
from harken_server.insights.rules.scores import Score
from harken_server.insights.store.counts import list_members
from harken_server.responses.codes import NOT_ERASED
from harken_server.responses.response import CountFilter, Member
from harken_server.responses.store.selection import OF_SURVEY

SMALL = 10_000
LARGE, QUICK_LARGE = 1_000_000, 200_000
ROUNDS, QUICK_ROUNDS = 9, 5
SCAN = """SELECT {rating}, count(*) FROM response r
WHERE r.{of_survey} AND r.{not_erased} GROUP BY 1"""
RATING = {
    "sqlite": "json_extract(r.answers, '$.r.recommend')",
    "postgres": "(r.answers -> 'r' ->> 'recommend')::int",
}
FILTERS = {
    "all": CountFilter(),
    "month_and_channel": CountFilter(from_day=739_530, to_day=739_560, channel="web"),
}
MEMBERS: dict[str, Member] = {"one_of_2": ("d0", "m1"), "one_of_12": ("d5", "m7")}


def run(quick: bool) -> dict[str, Any]:
    """`value` is the milliseconds of a score over the large survey on SQLite."""
    with contextlib.ExitStack() as stack:
        engines = {"sqlite": stack.enter_context(_sqlite_urls())}
        if not quick:
            engines["postgres"] = stack.enter_context(_postgres_urls())
        details = {
            engine: asyncio.run(_measure(urls, quick=quick)) for engine, urls in engines.items()
        }
    sqlite = details["sqlite"]
    return result(
        "scores", "ms a score, SQLite", sqlite["large_ms"], "the same score by scanning answers",
        sqlite["scan_ms"], details, ratio=sqlite["large_ms"] / sqlite["scan_ms"],
    )  # fmt: skip


async def _measure(urls: Callable[[], str], *, quick: bool) -> dict[str, Any]:
    large_size = QUICK_LARGE if quick else LARGE
    small = await _filled(urls(), SMALL)
    large = await _filled(urls(), large_size)
    times: dict[str, list[float]] = {}
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        for name, work in (
            ("small", lambda: _score(small, FILTERS["all"])),
            ("large", lambda: _score(large, FILTERS["all"])),
            ("filtered", lambda: _score(large, FILTERS["month_and_channel"])),
            ("one_of_2_small", lambda: _score(small, FILTERS["all"], MEMBERS["one_of_2"])),
            ("one_of_2_large", lambda: _score(large, FILTERS["all"], MEMBERS["one_of_2"])),
            ("one_of_12_small", lambda: _score(small, FILTERS["all"], MEMBERS["one_of_12"])),
            ("one_of_12_large", lambda: _score(large, FILTERS["all"], MEMBERS["one_of_12"])),
            ("members", lambda: _members(large)),
            ("scan", lambda: _scan(large)),
        ):
            times.setdefault(name, []).append(await _timed_ms(work, 1 if name == "scan" else 10))
    await _check(large)
    await small.close()
    await large.close()
    best = {name: statistics.median(taken) for name, taken in times.items()}
    return {
        "responses": {"small": SMALL, "large": large_size},
        "small_ms": rounded(best["small"]),
        "large_ms": rounded(best["large"]),
        "month_and_channel_ms": rounded(best["filtered"]),
        "scan_ms": rounded(best["scan"]),
        "large_to_small": rounded(best["large"] / best["small"]),
        "members": _by_member(best),
        "times_faster_than_scan": rounded(best["scan"] / best["large"]),
    }


async def _filled(url: str, size: int) -> Database:
    await migrate(url)
    db = await open_database(url, synchronous="normal")
    await fill(db, size, (await add_survey(db)).number, is_divided=True)
    return db


def _by_member(best: dict[str, float]) -> dict[str, float]:
    shown = {"list_of_12_ms": rounded(best["members"])}
    for name in MEMBERS:
        large, small = best[f"{name}_large"], best[f"{name}_small"]
        shown |= {f"{name}_ms": rounded(large), f"{name}_large_to_small": rounded(large / small)}
        shown[f"{name}_to_everybody"] = rounded(large / best["large"])
    return shown


async def _score(db: Database, selection: CountFilter, member: Member | None = None) -> list[Score]:
    chosen = msgspec.structs.replace(selection, member=member)
    return await read_scores(db, WORKSPACE_ID, SURVEY_ID, SURVEY.questions, chosen)


async def _members(db: Database) -> list[Any]:
    return await list_members(
        db, WORKSPACE_ID, SURVEY_ID, FILTERS["all"], dimension="d5", question="recommend"
    )


async def _check(db: Database) -> None:
    """Both ways must give the same counts, or the comparison means nothing."""
    (score,) = await _score(db, FILTERS["all"])
    scanned = sum(n for _, n in await _scan(db))
    if score.n != scanned:
        raise RuntimeError(f"the score counts {score.n} answers, the scan {scanned}")
    if (found := await _members(db)) and sum(each.n for each in found) != scanned:
        raise RuntimeError(f"the members count {found}, the scan {scanned}")


async def _timed_ms(work: Callable[[], Awaitable[Any]], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        await work()
    return (time.perf_counter() - began) * 1000 / times


@contextlib.contextmanager
def _sqlite_urls() -> Generator[Callable[[], str]]:
    with tempfile.TemporaryDirectory(prefix="harken-bench-") as folder:
        yield lambda: f"sqlite:///{Path(tempfile.mkdtemp(dir=folder)) / 'bench.sqlite3'}"


@contextlib.contextmanager
def _postgres_urls() -> Generator[Callable[[], str]]:
    with postgres() as first, postgres() as second:
        urls = iter((first, second))
        yield lambda: next(urls)


async def _scan(db: Database) -> list[Any]:
    scan = SCAN.format(rating=RATING[db.dialect], of_survey=OF_SURVEY, not_erased=NOT_ERASED)
    return await db.fetch(scan, WORKSPACE_ID, SURVEY_ID)

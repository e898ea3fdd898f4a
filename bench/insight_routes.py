"""Numbers of a house through the server's own routes, beside DuckDB over the same answers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import duckdb
import httpx

from bench.insight_house import KEY, NOW, SURVEY, settings_of
from bench.report import rounded
from harken_server.app import create_app, open_runtime
from harken_server.http.runtime import Runtime
from harken_server.insights.read.scores import read_scores, read_trends
from harken_server.responses.response import CountFilter
from harken_server.surveys.store.surveys import get_survey
from harken_server.workspaces.api.keys import make_key

ENOUGH_S = 6.0
"""What takes longer is not asked again."""
_AT = f"/v1/surveys/{KEY}"
ROUTES = {
    "score": f"{_AT}/scores",
    "trend": f"{_AT}/trends?period=day",
    "by_touchpoint": f"{_AT}/scores?by=touchpoint",
    "by_plan": f"{_AT}/scores?by=plan",
    "by_region": f"{_AT}/scores?by=region",
    "by_store": f"{_AT}/scores?by=store",
    "heat_map": f"{_AT}/heat-map?rows=region&columns=touchpoint",
    "leaderboard": f"{_AT}/leaderboard?by=store",
    "comments": f"{_AT}/comments",
    "segment": f"{_AT}/scores?segment=regulars",
    "answered_low": f"{_AT}/scores?segment=unhappy",
    "latest": f"{_AT}/scores?repeated=latest",
    "clustered": f"{_AT}/scores?repeated=clustered",
}
"""The heat map and the last four look through responses, all others at counts."""
_LATEST = """SELECT rating, row_number() OVER (
  PARTITION BY respondent, proved, CASE WHEN respondent IS NULL THEN number END
  ORDER BY day DESC, number DESC) AS place FROM '{file}'"""
QUERIES = {
    "score": "SELECT rating, count(*) FROM '{file}' GROUP BY 1",
    "trend": "SELECT day, rating, count(*) FROM '{file}' GROUP BY 1, 2",
    "by_touchpoint": "SELECT touchpoint, rating, count(*) FROM '{file}' GROUP BY 1, 2",
    "by_store": "SELECT store, rating, count(*) FROM '{file}' GROUP BY 1, 2",
    "heat_map": "SELECT region, touchpoint, rating, count(*) FROM '{file}' GROUP BY 1, 2, 3",
    "segment": "SELECT rating, count(*) FROM '{file}' WHERE plan = 'plan1' GROUP BY 1",
    "answered_low": "SELECT rating, count(*) FROM '{file}' WHERE rating <= 6 GROUP BY 1",
    "latest": f"SELECT rating, count(*) FROM ({_LATEST}) WHERE place = 1 GROUP BY 1",
}
"""DuckDB gives the counts that the same number is made of, and no more."""


async def measure_routes(folder: Path, url: str, file: Path, rounds: int) -> dict[str, Any]:
    """Milliseconds by the clock and of processor time, and of DuckDB, each the median of turns."""
    duck = duckdb.connect()
    async with open_runtime(settings_of(folder, url), clock=lambda: NOW) as runtime:
        _, secret = await make_key(runtime, runtime.home, "bench", ("manage",))
        transport = httpx.ASGITransport(create_app(runtime))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://bench", timeout=100
        ) as http:
            http.headers["authorization"] = f"Bearer {secret}"
            made = await http.post(f"{_AT}/results-link", json={"days": 30})
            page = "/results/" + made.json()["url"].partition("/results/")[2]
            works = await _works(runtime)
            for name, path in {**ROUTES, "page": page, "page_all": f"{page}&days=all"}.items():
                works[name] = lambda path=path: _get(http, path)
            return {
                name: {**await _turns(name, work, duck, file, rounds)}
                for name, work in works.items()
            }


async def _works(runtime: Runtime) -> dict[str, Callable[[], Awaitable[Any]]]:
    """The same numbers without HTTP, as the routes ask for them."""
    record = await get_survey(runtime.db, runtime.home, KEY)
    assert record is not None
    place = (runtime.db, runtime.home, record.id, SURVEY.questions, CountFilter())
    return {
        "read_score": lambda: read_scores(*place),
        "read_trend": lambda: read_trends(*place, period="day"),
    }


async def _get(http: httpx.AsyncClient, path: str) -> httpx.Response:
    return await http.get(path, headers={"accept-encoding": "br"})


async def _turns(
    name: str, work: Callable[[], Awaitable[Any]], duck: Any, file: Path, rounds: int
) -> dict[str, Any]:
    reply = await work()
    taken: dict[str, list[float]] = {"ms": [], "cpu_ms": [], "duckdb_ms": [], "duckdb_cpu_ms": []}
    query = QUERIES.get(name.removeprefix("read_"), "").format(file=file)
    began = time.perf_counter()
    for _ in range(rounds):
        await _timed(work, taken["ms"], taken["cpu_ms"])
        if query:
            await _timed(lambda: _run(duck, query), taken["duckdb_ms"], taken["duckdb_cpu_ms"])
        if time.perf_counter() - began > ENOUGH_S:
            break
    found: dict[str, Any] = {
        each: rounded(statistics.median(times)) for each, times in taken.items() if times
    }
    if isinstance(reply, httpx.Response):
        found["status"] = reply.status_code
    if name in QUERIES and name not in {"trend", "heat_map"}:
        _check(name, reply, sum(row[-1] for row in duck.execute(query).fetchall()))
    return found


async def _timed(
    work: Callable[[], Awaitable[Any]], by_clock: list[float], cpu: list[float]
) -> None:
    began, used = time.perf_counter(), time.process_time()
    await work()
    cpu.append((time.process_time() - used) * 1000)
    by_clock.append((time.perf_counter() - began) * 1000)


async def _run(duck: Any, query: str) -> None:
    duck.execute(query).fetchall()


def _check(name: str, reply: Any, expected: int) -> None:
    """Both must count the same answers, or the comparison means nothing."""
    if reply.status_code == 200 and (n := reply.json()["scores"][0]["n"]) != expected:
        raise RuntimeError(f"{name} counts {n} answers, DuckDB {expected}")

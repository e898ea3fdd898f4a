"""A year of answers at 20 touchpoints, as the server's counts and as Parquet; numbers from both."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.survey import SURVEY, SURVEY_ID, WORKSPACE_ID
from harken_server.database.database import Database
from harken_server.database.many_rows import insert_many
from harken_server.insights.read.breakdowns import OfSurvey, read_breakdown
from harken_server.insights.read.scores import read_scores, read_trends
from harken_server.insights.rules.control.control import control
from harken_server.insights.rules.estimates import USUAL
from harken_server.responses.response import CountFilter
from harken_server.workspaces.workspace import Workspace

DAYS, TOUCHPOINTS = 365, 20
FIRST_DAY = 739_500
EVERY = CountFilter()
WORKSPACE = Workspace(
    id=WORKSPACE_ID, slug="", name="", created_at=datetime(2026, 1, 1, tzinfo=UTC)
)
_COLUMNS = (
    ("survey_number", "int"), ("dimension", "text"), ("member", "text"), ("question", "text"),
    ("version", "int"), ("touchpoint", "text"), ("channel", "text"), ("day", "int"),
    ("lane", "int"), ("counts", "jsonb"),
)  # fmt: skip
QUERIES = {
    "score": "SELECT rating, count(*) FROM '{file}' GROUP BY 1",
    "trend": "SELECT day, rating, count(*) FROM '{file}' GROUP BY 1, 2",
    "breakdown": "SELECT touchpoint, rating, count(*) FROM '{file}' GROUP BY 1, 2",
}
"""DuckDB gives the counts that the same number is made of, and no more."""


async def fill_counts(db: Database, survey_number: int, size: int, file: Path) -> None:
    """The same answers as counts, and as Parquet for DuckDB."""
    rng = np.random.default_rng(7)
    places, days = rng.integers(0, TOUCHPOINTS, size), rng.integers(0, DAYS, size)
    ratings = np.clip(np.round(rng.normal(7.5, 2.5, size)), 0, 10).astype(np.int64)
    _write_parquet(file, places, days + FIRST_DAY, ratings)
    cell = (places * DAYS + days) * 11 + ratings
    counted = np.bincount(cell, minlength=TOUCHPOINTS * DAYS * 11).reshape(TOUCHPOINTS, DAYS, 11)
    rows = [
        (survey_number, "", "", "recommend", 1, f"shop.t{place}", "web", FIRST_DAY + day, 0,
         json.dumps({str(rating): int(n) for rating, n in enumerate(counted[place, day]) if n}))
        for place in range(TOUCHPOINTS) for day in range(DAYS)
    ]  # fmt: skip
    for start in range(0, len(rows), 500):
        async with db.transaction() as tx:
            await insert_many(tx, "answer_count", _COLUMNS, rows[start : start + 500])
    await db.execute("ANALYZE")


def works(db: Database) -> dict[str, Callable[[], Awaitable[Any]]]:
    """What is measured, by name."""
    place = (db, WORKSPACE_ID, SURVEY_ID, SURVEY.questions, EVERY)
    of = OfSurvey(db, WORKSPACE, SURVEY_ID, SURVEY.questions, USUAL)

    async def limits() -> Any:
        found = await read_trends(*place, period="day")
        return [control(score, points, "true", "day") for score, points in found.trends]

    return {
        "score": lambda: read_scores(*place),
        "trend": lambda: read_trends(*place, period="day"),
        "breakdown": lambda: read_breakdown(of, EVERY, by="touchpoint", compare=None),
        "limits": limits,
    }


async def check(db: Database, size: int) -> None:
    """All numbers must be made of all answers, or the comparison means nothing."""
    made = works(db)
    (score,) = await made["score"]()
    ((_, points),) = (await made["trend"]()).trends
    groups = (await made["breakdown"]()).groups
    found = (
        score.n,
        sum(point.score.n for point in points),
        sum(group.scores[0].n for group in groups),
    )
    if found != (size, size, size):
        raise RuntimeError(f"of {size} answers the numbers count {found}")


def _write_parquet(file: Path, places: Any, days: Any, ratings: Any) -> None:
    import duckdb
    import pyarrow as pa

    names = pa.array([f"shop.t{place}" for place in range(TOUCHPOINTS)]).take(pa.array(places))
    answers = pa.table({"touchpoint": names, "day": days, "rating": ratings})
    connection = duckdb.connect()
    connection.register("answers", answers)
    connection.execute(f"COPY answers TO '{file}' (FORMAT parquet)")

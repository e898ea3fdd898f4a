"""What the writer spends on a response that is counted by no dimension, and by eight besides."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.filling import MEMBERS
from bench.report import rounded
from bench.survey import COMMENT, add_survey
from harken_server.database.database import Database
from harken_server.database.migrate import migrate
from harken_server.database.opening import open_database
from harken_server.responses.response import NewResponse
from harken_server.responses.store.row import encode_members
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.published import SurveyRecord

ROUNDS = 5
RESPONSES_A_ROUND = 2_000
AT_ONCE = 64
NOW = datetime(2025, 9, 6, 10, tzinfo=UTC)


def measure_dimensions() -> dict[str, Any]:
    """Microseconds of the writer's processor time a response, in turns on one SQLite file each."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, Any]:
    spent: dict[int, list[float]] = {0: [], len(MEMBERS): []}
    with tempfile.TemporaryDirectory(prefix="harken-bench-") as folder:
        opened = {count: await _open(Path(folder) / f"{count}.sqlite3") for count in spent}
        for _ in range(ROUNDS):
            for count, (db, survey) in opened.items():
                spent[count].append(await _round(db, survey, count))
        for db, _ in opened.values():
            await db.close()
    none, all_of_them = (statistics.median(each) for each in spent.values())
    return {
        "writer_us_without_dimensions": rounded(none),
        f"writer_us_with_{len(MEMBERS)}_dimensions": rounded(all_of_them),
        "dimensions_to_none": rounded(all_of_them / none),
    }


async def _open(path: Path) -> tuple[Database, SurveyRecord]:
    await migrate(f"sqlite:///{path}")
    db = await open_database(f"sqlite:///{path}")
    return db, await add_survey(db)


async def _round(db: Database, survey: SurveyRecord, dimensions: int) -> float:
    before = db.statistics.writer_cpu_ns, db.statistics.stored
    for start in range(0, RESPONSES_A_ROUND, AT_ONCE):
        news = [_response(survey, start + n, dimensions) for n in range(AT_ONCE)]
        await asyncio.gather(*(db.store(RESPONSES, new) for new in news))
    spent = db.statistics.writer_cpu_ns - before[0]
    return spent / (db.statistics.stored - before[1]) / 1000


def _response(survey: SurveyRecord, number: int, dimensions: int) -> NewResponse:
    members = {f"d{n}": f"m{number // 13 % MEMBERS[n]}" for n in range(dimensions)}
    return NewResponse(
        id=uuid4(), survey=survey, version=1, sequence=1,
        is_complete=True, digest=bytes(16), received_at=NOW, dimensions=encode_members(members),
        answers=[
            AnswerRow("recommend", rating=number % 11),
            AnswerRow("reason", choice=("price", "speed", "quality")[number % 3]),
            AnswerRow("why", text=f"{COMMENT} {number}"),
        ],
    )  # fmt: skip

"""A workspace with a year of answers, loaded once and kept, and the same answers as Parquet.

20 touchpoints, three declared dimensions, people who answer again. Every column comes from one
generator of random numbers, so that both databases and the file say the same.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import numpy as np

from harken_server.app import open_runtime
from harken_server.configuration import load_settings
from harken_server.http.runtime import Runtime
from harken_server.responses.codes import STANDING_CODES, STATE_CODES
from harken_server.segments.store import Segment, put_segment
from harken_server.surveys.conditions import Condition
from harken_server.surveys.publish import push_survey
from harken_server.surveys.store.surveys import get_survey
from harken_server.surveys.survey import Survey
from harken_server.workspaces.store.dimensions import declare_dimensions
from harken_server.workspaces.store.workspaces import get_workspace
from harken_server.workspaces.workspace import Dimension

DAYS, TOUCHPOINTS = 365, 20
NOW = datetime(2026, 9, 5, 20, 0, tzinfo=UTC)
FIRST_DAY = NOW.toordinal() - DAYS + 1
DIMENSIONS = {"store": 40, "region": 5, "plan": 3}
"""How many members each has: `store0` and so on."""
REASONS = ("price", "speed", "quality", "service")
CHUNK = 100_000
KEY = "visit"
SURVEY = msgspec.convert(
    {
        "key": KEY, "title": "How was your visit?",
        "questions": [
            {"type": "nps", "key": "recommend", "text": "Would you recommend us?"},
            {"type": "single_choice", "key": "reason", "text": "What mattered most?",
             "choices": [{"value": each, "label": each.title()} for each in REASONS]},
            {"type": "long_text", "key": "why", "text": "Tell us in your own words"},
        ],
    },
    Survey,
)  # fmt: skip
COLUMNS = (
    "number", "id", "survey_number", "version", "position", "state", "sequence", "digest",
    "touchpoint", "channel", "locale", "respondent", "context", "started_at", "submitted_at",
    "updated_at", "day", "is_sample", "proof", "claimed", "standing", "flags", "dimensions",
    "answers", "has_text", "quotas", "history", "origin_proof",
)  # fmt: skip
COUNTED = (
    "survey_number", "dimension", "member", "question", "version", "touchpoint", "channel", "day",
    "lane", "counts",
)  # fmt: skip
SUMMED = tuple(name for name in COUNTED if name not in {"touchpoint", "channel"})
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def house_folder(size: int, dialect: str) -> Path:
    """Where what is loaded is kept, below `HARKEN_BENCH_DATA` or the folder for temporary files."""
    base = os.environ.get("HARKEN_BENCH_DATA") or Path(tempfile.gettempdir()) / "harken-bench-data"
    return Path(base) / f"{dialect}-{size}"


def settings_of(folder: Path, url: str) -> Any:
    """Of a server over it."""
    return load_settings({
        "HARKEN_DATA_DIR": str(folder / "harken"), "HARKEN_DATABASE_URL": url,
        "HARKEN_LOG_LEVEL": "error",
    })  # fmt: skip


async def load_house(folder: Path, url: str, size: int) -> None:
    """Fill the database, unless that was done before."""
    done = folder / "loaded"
    if done.exists():  # nobody else is served
        return
    async with open_runtime(settings_of(folder, url), clock=lambda: NOW) as runtime:
        number = await _publish(runtime)
    if url.startswith("sqlite"):
        _fill_sqlite(url.removeprefix("sqlite:///"), number, size)
    else:
        await _fill_postgres(url, number, size)
    done.touch()  # as above


class Answers:
    """Some of the answers, a number or the place of a word each."""

    def __init__(self, first: int, size: int, total: int) -> None:
        rng = np.random.default_rng(first)
        self.numbers = np.arange(first, first + size)
        self.days = (self.numbers - 1) * DAYS // total
        self.touchpoints = rng.integers(0, TOUCHPOINTS, size)
        self.members = {name: rng.integers(0, n, size) for name, n in DIMENSIONS.items()}
        tone = rng.normal(7.5, 2.5, size) - self.members["store"] / 40
        self.ratings = np.clip(np.round(tone), 0, 10).astype(np.int64)
        self.reasons = rng.integers(0, len(REASONS), size)
        self.people = rng.integers(0, max(1, total * 2 // 3), size)
        self.is_named, self.is_proved, self.has_text = rng.random((3, size)) < [[0.7], [0.5], [0.3]]
        self.seconds = rng.integers(0, 20 * 3600, size)


def answers_of(total: int) -> Iterator[Answers]:
    """All of them, a part at a time, oldest first."""
    for first in range(1, total + 1, CHUNK):
        yield Answers(first, min(CHUNK, total - first + 1), total)


def write_parquet(file: Path, total: int) -> None:
    """The same answers in one file, a row each."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if file.exists():
        return
    unfinished = file.with_suffix(".part")
    writer = None
    for some in answers_of(total):
        table = pa.table({
            "number": some.numbers, "day": some.days + FIRST_DAY, "rating": some.ratings,
            "touchpoint": pa.array([f"shop.t{n}" for n in range(TOUCHPOINTS)]).take(
                pa.array(some.touchpoints)),
            "respondent": pa.array(some.people, mask=~some.is_named), "proved": some.is_proved,
            "reason": pa.array(REASONS).take(pa.array(some.reasons)),
            **{name: pa.array([f"{name}{n}" for n in range(DIMENSIONS[name])]).take(pa.array(of))
               for name, of in some.members.items()},
        })  # fmt: skip
        writer = writer or pq.ParquetWriter(unfinished, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()
    unfinished.rename(file)


def counts_of(total: int, survey_number: int) -> Iterator[tuple[Any, ...]]:
    """Rows of what is counted of all of them, everybody's and each dimension's."""
    places = {("", 0): 1, **{(name, 0): n for name, n in DIMENSIONS.items()}}
    questions = {"recommend": [str(n) for n in range(11)], "reason": list(REASONS)}
    sums = {
        (name, question): np.zeros(n * TOUCHPOINTS * DAYS * len(values), np.int64)
        for (name, _), n in places.items()
        for question, values in questions.items()
    }
    for some in answers_of(total):
        given = {"recommend": some.ratings, "reason": some.reasons}
        for (name, question), found in sums.items():
            member = some.members[name] if name else 0
            cell = (member * TOUCHPOINTS + some.touchpoints) * DAYS + some.days
            cell = cell * len(questions[question]) + given[question]
            found += np.bincount(cell, minlength=len(found))
    for (name, question), found in sums.items():
        values = questions[question]
        table = found.reshape(-1, len(values))
        for cell in np.flatnonzero(table.any(axis=1)).tolist():
            place, day = divmod(cell, DAYS)
            member, touchpoint = divmod(place, TOUCHPOINTS)
            counts = {value: n for value, n in zip(values, table[cell].tolist(), strict=True) if n}
            yield (
                survey_number, name, f"{name}{member}" if name else "", question, 1,
                f"shop.t{touchpoint}", "web", FIRST_DAY + day, 0,
                json.dumps(counts, separators=(",", ":")),
            )  # fmt: skip


def sums_of(counts: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What rows of `counts_of` add up to over touchpoints: rows of the smaller table."""
    summed: defaultdict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for *place, document in counts:
        key = tuple(
            value for name, value in zip(COUNTED[:-1], place, strict=True) if name in SUMMED
        )
        summed[key].update(json.loads(document))
    return [(*key, json.dumps(found, separators=(",", ":"))) for key, found in summed.items()]


def rows_of(some: Answers, survey_number: int, dialect: str) -> Iterator[tuple[Any, ...]]:
    """Rows of responses, as a database keeps them."""
    is_sqlite = dialect == "sqlite"
    digest, false, true = bytes(16), *((0, 1) if is_sqlite else (False, True))
    names = list(some.members)
    stores = zip(*(of.tolist() for of in some.members.values()), strict=True)
    columns = (
        some.numbers, some.days, some.touchpoints, some.ratings, some.reasons, some.people,
        some.is_named, some.is_proved, some.has_text, some.seconds,
    )  # fmt: skip
    for row, members in zip(
        zip(*(of.tolist() for of in columns), strict=True), stores, strict=True
    ):
        number, day, touchpoint, rating, reason, person, named, proved, has_text, second = row
        dimensions = ",".join(
            f'"{name}":"{name}{n}"' for name, n in zip(names, members, strict=True)
        )
        text = f',"t":{{"why":"The queue was long, number {number}."}}' if has_text else ""
        moment = ((FIRST_DAY + day - _EPOCH_DAY) * 86_400 + second) * 1000
        at: Any = moment if is_sqlite else datetime.fromtimestamp(moment / 1000, UTC)
        began: Any = moment - 40_000 if is_sqlite else at - timedelta(seconds=40)
        key = UUID(int=(number << 90) | 7 << 76 | 8 << 60 | number)
        yield (
            number, key.bytes if is_sqlite else key, survey_number, 1, number,
            STATE_CODES["complete"], 1, digest, f"shop.t{touchpoint}", "web", "en",
            f"c-{person}" if named else None, f"{{{dimensions}}}", began, at, at,
            FIRST_DAY + day, false, int(named and proved), "", STANDING_CODES["counted"], "",
            f"{{{dimensions}}}",
            f'{{"r":{{"recommend":{rating}}},"c":{{"reason":"{REASONS[reason]}"}}{text}}}',
            true if has_text else false, "", "", 0,
        )  # fmt: skip


async def _publish(runtime: Runtime) -> int:
    home = await get_workspace(runtime.db, runtime.home)
    assert home is not None
    declared = [Dimension(name, "context", name) for name in DIMENSIONS]
    await declare_dimensions(
        runtime.db, runtime.home, declared, task=runtime.new_id(), now=runtime.clock()
    )
    home = await get_workspace(runtime.db, runtime.home)
    assert home is not None
    await push_survey(runtime.db, home, SURVEY, now=runtime.clock(), new_id=runtime.new_id)
    segments = {
        "regulars": (Condition(of="context", name="plan", value="plan1"),),
        "unhappy": (Condition(of="answer", name="recommend", op="at_most", value=6),),
    }
    for key, conditions in segments.items():
        segment = Segment(
            key=key, title=key.title(), conditions=conditions, created_at=NOW, updated_at=NOW
        )
        async with runtime.db.transaction() as tx:
            await put_segment(tx, runtime.home, segment, runtime.new_id())
    found = await get_survey(runtime.db, runtime.home, KEY)
    assert found is not None
    await runtime.db.execute("DELETE FROM outbox WHERE kind = 'dimensions.fill'")
    return found.number


def _fill_sqlite(path: str, survey_number: int, size: int) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -500000")
    db.execute("BEGIN")
    marks = ", ".join("?" * len(COLUMNS))
    for some in answers_of(size):
        rows = rows_of(some, survey_number, "sqlite")
        db.executemany(f"INSERT INTO response ({', '.join(COLUMNS)}) VALUES ({marks})", rows)
    counts = list(counts_of(size, survey_number))
    for table, columns, rows in (
        ("answer_count", COUNTED, counts),
        ("day_count", SUMMED, sums_of(counts)),
    ):
        marks = ", ".join("?" * len(columns))
        db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
    db.execute("UPDATE feed SET position = ?", (size,))
    db.execute("COMMIT")
    db.execute("ANALYZE")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.close()


async def _fill_postgres(url: str, survey_number: int, size: int) -> None:
    db = await asyncpg.connect(url)
    for some in answers_of(size):
        rows = list(rows_of(some, survey_number, "postgres"))
        await db.copy_records_to_table("response", records=rows, columns=COLUMNS)
    counts = list(counts_of(size, survey_number))
    await db.copy_records_to_table("answer_count", records=counts, columns=COUNTED)
    await db.copy_records_to_table("day_count", records=sums_of(counts), columns=SUMMED)
    await db.execute("UPDATE feed SET position = $1", size)
    await db.execute("VACUUM ANALYZE")
    await db.close()

"""A score counts exactly the non-empty cells of the export under the same filter."""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import pytest
from export_lines import RECORD, SHOP, START, Line, csv_of, random_lines, store_lines

from harken_server.database.database import Database
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter, NewResponse
from harken_server.responses.store.writing import RESPONSES

DAY = START.toordinal()
FILTERS = [
    CountFilter(),
    CountFilter(from_day=DAY + 1, to_day=DAY + 2),
    CountFilter(touchpoint="till"),
    CountFilter(channel="web", version=1),
    CountFilter(to_day=DAY, touchpoint="delivery", channel="receipt", version=2),
]


@dataclass(frozen=True)
class Cell:
    """Where the export shows what the counts call question, part and value.

    With empty part and value it is the whole line of a question of several parts.
    """

    question: str
    part: str
    value: str


def new_response(line: Line) -> NewResponse:
    return NewResponse(
        id=UUID(int=line.number),
        survey=RECORD,
        version=line.version,
        sequence=1,
        is_complete=line.state == "complete",
        digest=line.number.to_bytes(16),
        received_at=line.submitted_at,
        answers=line.answers,
        touchpoint=line.touchpoint,
        channel=line.channel,
        respondent=line.respondent,
        context=line.context,
    )


@pytest.fixture
async def filled(database: Database) -> Database:
    """Random responses, through the door that every response takes."""
    await store_lines(database, [])
    lines = random_lines(seed=16, size=300)
    await asyncio.gather(*(database.store(RESPONSES, new_response(line)) for line in lines))
    return database


@pytest.mark.parametrize("selection", FILTERS)
async def test_the_counts_are_those_of_the_cells(filled: Database, selection: CountFilter) -> None:
    counted = {
        Cell(row.question, row.part, row.value): row.n
        for row in await read_counts(
            filled, SHOP, RECORD.id, selection, questions=None, per_day=False
        )
    }

    shown = cells_of(await csv_of(filled, selection))

    assert sum(counted.values()) > 20
    assert {cell: n for cell, n in counted.items() if n} == shown


def cells_of(raw: bytes) -> Counter[Cell]:
    rows = list(csv.DictReader(io.StringIO(raw.decode(), newline="")))
    cells: Counter[Cell] = Counter()
    for name in ("recommend", "reason", "contact"):
        cells.update(Cell(name, "", row[name]) for row in rows if row[name])
    for question in ("parts", "order"):
        for part in ("price", "speed", "food"):
            name = f"{question}__{part}"
            cells.update(Cell(question, part, row[name]) for row in rows if row[name])
    for part in ("price", "speed", "food", "nothing"):
        cells.update(Cell("liked", part, part) for row in rows if row[f"liked__{part}"] == "1")
    cells.update(Cell("liked", "other", "other") for row in rows if row["liked__other"])
    for question in ("liked", "parts", "order"):
        cells.update(Cell(question, "", "") for row in rows if is_answered(row, question))
    return cells


def is_answered(row: dict[str, str], question: str) -> bool:
    """Whether any part of the question was answered: then its person counts once."""
    return any(
        value not in {"", "0"} for name, value in row.items() if name.startswith(f"{question}__")
    )

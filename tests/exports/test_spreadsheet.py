"""No text ever runs as a formula, and nothing is lost by preventing it."""

from __future__ import annotations

import csv
import io

import pytest
from export_lines import TEXTS, Line, csv_of, store_lines

from harken_server.database.database import Database
from harken_server.kernel.sheet_cells import guard_text
from harken_server.surveys.answers.typed_rows import AnswerRow

STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
SKIPPED = " '\"\u00a0\ufeff"
HOSTILE = [sign + rest for sign in STARTS for rest in ("1+1", "")] + [
    before + "=cmd()" for before in (*SKIPPED, "  ", " '", '""')
]


async def cells(database: Database, texts: list[str], dialect: str) -> list[str]:
    await store_lines(
        database,
        [Line(n, [AnswerRow("why", text=text)]) for n, text in enumerate(texts, 1)],
    )
    raw = (await csv_of(database, dialect=dialect)).decode("utf-8-sig")
    return [row["why"] for row in csv.DictReader(io.StringIO(raw, newline=""))]


def is_formula(cell: str) -> bool:
    """Whether any spreadsheet might evaluate it."""
    return cell.lstrip(SKIPPED.replace("'", ""))[:1] in [*STARTS]


async def test_no_cell_begins_like_a_formula(database: Database) -> None:
    shown = await cells(database, HOSTILE + TEXTS, "spreadsheet")

    assert [cell for cell in shown if is_formula(cell)] == []


async def test_taking_one_apostrophe_off_gives_the_text_back(database: Database) -> None:
    texts = HOSTILE + TEXTS

    shown = await cells(database, texts, "spreadsheet")

    for text, cell in zip(texts, shown, strict=True):
        is_guarded = cell[:1] == "'" and guard_text(cell[1:]) == cell
        assert (cell[1:] if is_guarded else cell) == text


async def test_phone_numbers_and_codes_keep_their_zeros_and_signs(database: Database) -> None:
    written = ["0221123456", "+4722123456", "007", "10/10", "1.5", "3 May", "TRUE", "1E5", "12:30"]
    others = ["42", "5 stars", "May", "2026-05-03"]

    shown = await cells(database, [*written, *others], "spreadsheet")

    assert shown == [*(f"'{text}" for text in written), *others]


async def test_raw_texts_are_untouched(database: Database) -> None:
    assert await cells(database, HOSTILE + TEXTS, "raw") == HOSTILE + TEXTS


async def test_names_and_context_are_guarded_too(database: Database) -> None:
    line = Line(1, [], respondent="=a()", touchpoint="+b", channel="@c", context="-d")
    await store_lines(database, [line])

    raw = (await csv_of(database, dialect="spreadsheet")).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(raw, newline=""))

    assert [row[name] for name in ("respondent", "touchpoint", "channel", "context")] == [
        "'=a()", "'+b", "'@c", "'-d",
    ]  # fmt: skip


async def test_negative_numbers_stay_numbers(database: Database) -> None:
    await store_lines(database, [Line(1, [AnswerRow("spent", number=-12.5)])])

    assert b",-12.5," in await csv_of(database, dialect="spreadsheet")


@pytest.mark.parametrize(("dialect", "start", "end", "time"), [
    ("raw", b"response_id,", b"\n", b",2026-11-01T10:00:00.250Z,"),
    ("spreadsheet", b"\xef\xbb\xbfresponse_id,", b"\r\n", b",2026-11-01 10:00:00,"),
])  # fmt: skip
async def test_each_dialect_has_its_mark_line_ends_and_times(
    database: Database, dialect: str, start: bytes, end: bytes, time: bytes
) -> None:
    await store_lines(database, [Line(1, [])])

    raw = await csv_of(database, dialect=dialect)

    assert raw.startswith(start)
    assert raw.count(end) == raw.count(b"\n") == 2
    assert raw.endswith(end)
    assert time in raw

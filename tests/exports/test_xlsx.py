"""Workbooks: frozen headings, filters, a codebook, further sheets; and nothing is lost."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from typed_files import ABOUT, blocks_of, column, read_calamine, read_openpyxl, xlsx_of

from harken_server.exports.table import Table, TypedColumn
from harken_server.exports.xlsx import book as books
from harken_server.exports.xlsx.cells import MAX_CELL_CHARS, is_too_long, split_text
from harken_server.exports.xlsx.export import stream_xlsx
from harken_server.http.problems import BadRequestError

TABLE = Table(
    (
        TypedColumn("response_id", "text", "Id", {}),
        TypedColumn("at", "time", "When", {}),
        TypedColumn("day", "day", "Day", {}),
        TypedColumn("reason", "choice", "Why?", {"price": "Price", "speed": "Speed"}),
        TypedColumn("spent", "decimal", "Spent?", {}),
        TypedColumn("yes", "truth", "Yes?", {}),
        TypedColumn("why", "text", "Words", {}),
    ),
    lambda _: [],
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def row(number: int = 1, **given: Any) -> list[Any]:
    return [f"id-{number}", *(given.get(each.name) for each in TABLE.columns[1:])]


def test_a_sheet_has_a_frozen_heading_a_filter_widths_and_typed_cells() -> None:
    file = xlsx_of(
        TABLE, [row(at=0, day=date(2026, 5, 3), spent=-1.5, yes=False, reason="price", why="007")]
    )

    workbook = openpyxl.load_workbook(io.BytesIO(file))
    sheet = workbook["responses"]
    (cells,) = sheet.iter_rows(min_row=2)

    assert workbook.sheetnames == ["responses", "codebook", "about"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G2")
    assert all(sheet.column_dimensions[letter].width > 8 for letter in "ABCDEFG")
    assert [cell.data_type for cell in cells] == ["s", "d", "d", "s", "n", "b", "s"]
    assert [cell.value for cell in cells] == [
        "id-1", datetime(1970, 1, 1), datetime(2026, 5, 3), "price", -1.5, False, "007",  # noqa: DTZ001
    ]  # fmt: skip
    assert cells[-1].number_format == "@"


def test_the_codebook_and_the_sheet_about_the_file_say_what_is_in_it() -> None:
    file = xlsx_of(TABLE, [row(1), row(2)])

    book = read_calamine(file, "codebook")
    about = {str(name): value for name, value in read_calamine(file, "about")}

    assert ["reason", "choice", "Why?", "speed", "Speed"] in book
    assert [line[0] for line in book if line[0] != "reason"] == [
        each.name for each in TABLE.columns if each.name != "reason"
    ]
    assert (about["rows"], about["time zone"], about["survey"]) == ("2", "UTC", "visit")


def test_times_are_those_of_a_clock_on_the_wall_when_it_is_put_back_too() -> None:
    zone = ZoneInfo("Europe/Oslo")
    hours = [datetime(2026, 10, 24, 22, 30, tzinfo=UTC) + timedelta(hours=n) for n in range(6)]
    times = [(each - EPOCH) // timedelta(milliseconds=1) for each in hours]

    file = xlsx_of(TABLE, [row(at=each) for each in times], zone=zone)

    local = [each.astimezone(zone).replace(tzinfo=None) for each in hours]
    assert column(read_openpyxl(file), TABLE, "at") == local
    assert column(read_calamine(file), TABLE, "at") == local


def test_days_and_times_that_no_sheet_can_hold_are_texts() -> None:
    block = [row(day=date(1, 1, 1), at=-(10**13)), row(day=date(1900, 2, 28))]

    rows = read_openpyxl(xlsx_of(TABLE, block))

    assert column(rows, TABLE, "day")[:2] == ["0001-01-01", "1900-02-28"]
    assert column(rows, TABLE, "at") == ["1653-02-10T06:13:20.000Z", None]


@given(st.text(st.sampled_from("x\U0001f355\n"), max_size=40), st.integers(1, 900))
def test_parts_of_a_long_text_are_the_text_and_fit(some: str, times: int) -> None:
    text = (some or "x") * (times * 100)

    parts = split_text(text)

    assert "".join(parts) == text
    assert all(len(part.encode("utf-16-le")) // 2 <= MAX_CELL_CHARS for part in parts)
    assert is_too_long(text) == (len(text.encode("utf-16-le")) // 2 > MAX_CELL_CHARS)


def test_a_text_that_no_cell_holds_is_whole_on_a_sheet_of_its_own() -> None:
    text = "é\U0001f355=1" * 20_000

    file = xlsx_of(TABLE, [row(1, why="short"), row(2, why=text)])

    parts = read_calamine(file, "long texts")
    assert {tuple(part[:2]) for part in parts} == {("id-2", "why")}
    assert "".join(part[3] for part in parts) == text
    assert column(read_calamine(file), TABLE, "why")[1].endswith(" […]")
    assert ["texts split", "1, whole on the sheet long texts"] in read_calamine(file, "about")


def test_rows_that_a_sheet_cannot_hold_go_on_in_a_further_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(books, "MAX_ROWS", 8)

    file = xlsx_of(TABLE, [row(n) for n in range(5)], [row(n) for n in range(5, 20)])

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(file))
    assert workbook.sheet_names[:3] == ["responses", "responses 2", "responses 3"]
    sheets = [read_calamine(file, name) for name in workbook.sheet_names[:3]]
    assert [len(sheet) for sheet in sheets] == [7, 7, 6]
    assert [line[0] for sheet in sheets for line in sheet] == [f"id-{n}" for n in range(20)]


async def test_more_columns_than_a_sheet_has_are_refused() -> None:
    many = [TypedColumn(f"c{n}", "text", "", {}) for n in range(16_385)]

    with pytest.raises(BadRequestError, match="16385 columns"):
        await anext(stream_xlsx(many, blocks_of([]), UTC, ABOUT))


async def test_a_reader_may_walk_away_in_the_middle() -> None:
    blocks = blocks_of(*([row(n)] for n in range(50)))
    pieces = stream_xlsx(TABLE.columns, blocks, UTC, ABOUT)

    await anext(pieces)
    await pieces.aclose()

    with pytest.raises(StopAsyncIteration):
        await anext(blocks)


def test_parts_of_the_file_are_whole_and_hold_no_formula() -> None:
    file = xlsx_of(TABLE, [row(n, why="=1+1") for n in range(300)])

    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        assert parts.testzip() is None
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]


@pytest.mark.processes
@pytest.mark.seconds
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
@pytest.mark.parametrize("language", ["de", pytest.param("en-US", marks=pytest.mark.nightly)])
def test_libreoffice_shows_what_was_answered_in_its_language(language: str, tmp_path: Path) -> None:
    texts = ["=1+1", "+47 22", "007", "1e5", "3.5.2026", "12345678901234567890", " a", "wahr"]
    block = [row(n, why=text, spent=1234.5, day=date(2026, 5, 3)) for n, text in enumerate(texts)]
    (tmp_path / "file.xlsx").write_bytes(xlsx_of(TABLE, block))
    profile = tmp_path / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(
        '<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"><item '
        'oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" '
        f'oor:op="fuse"><value>{language}</value></prop></item></oor:items>'
    )

    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "csv:Text - txt - csv (StarCalc):9,0,76,1", "--outdir", str(tmp_path),
         str(tmp_path / "file.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    lines = [line.split("\t") for line in (tmp_path / "file.csv").read_text().splitlines()[1:]]
    assert [line[6] for line in lines] == texts
    assert {line[2] for line in lines} == {"2026-05-03"}
    assert {line[4] for line in lines} == {"1234,5" if language == "de" else "1234.5"}

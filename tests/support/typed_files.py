"""Rows of a typed table as files, and what independent readers find in them."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from harken_server.exports.about import About
from harken_server.exports.parquet import stream_parquet
from harken_server.exports.spss import stream_spss
from harken_server.exports.table import Block, Table
from harken_server.exports.xlsx.export import stream_xlsx

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
ABOUT = About("visit", "Your visit", "1, 2", {}, "UTC", NOW)
_ESCAPED = re.compile("_x([0-9A-F]{4})_")


async def blocks_of(*blocks: Block) -> AsyncGenerator[Block]:
    for block in blocks:
        yield block


def whole(pieces: AsyncIterator[bytes]) -> bytes:
    async def collect() -> bytes:
        return b"".join([piece async for piece in pieces])

    return asyncio.run(collect())


def xlsx_of(table: Table, *blocks: Block, zone: tzinfo = UTC) -> bytes:
    return whole(stream_xlsx(table.columns, blocks_of(*blocks), zone, ABOUT))


def parquet_of(table: Table, *blocks: Block) -> bytes:
    return whole(stream_parquet(table.columns, blocks_of(*blocks), ABOUT))


def sav_of(table: Table, *blocks: Block, **limits: int) -> bytes:
    return whole(stream_spss(table.columns, blocks_of(*blocks), ABOUT, **limits))


def read_openpyxl(file: bytes, sheet: str = "responses") -> list[list[Any]]:
    """Cells below the heading, a formula as an error; openpyxl leaves `_x001F_` as it is, where
    Excel reads the character."""
    found = openpyxl.load_workbook(io.BytesIO(file))[sheet]
    assert not [cell for row in found.iter_rows() for cell in row if cell.data_type == "f"]
    return [[unescaped(each.value) for each in row] for row in found.iter_rows(min_row=2)]


def read_calamine(file: bytes, sheet: str = "responses") -> list[list[Any]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_name(sheet)
    return rows.to_python(skip_empty_area=False)[1:]


def read_parquet(file: bytes) -> list[dict[str, Any]]:
    return parquet.read_table(io.BytesIO(file)).to_pylist()


def read_sav(file: bytes, folder: Path) -> tuple[Any, Any]:
    """The rows as a frame, and what the file says of them."""
    path = folder / "file.sav"
    path.write_bytes(file)
    return pyreadstat.read_sav(str(path))


def unescaped(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


def column(rows: Sequence[Sequence[Any]], table: Table, name: str) -> list[Any]:
    place = [each.name for each in table.columns].index(name)
    return [row[place] for row in rows]

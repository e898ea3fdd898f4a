"""Shaped rows as text: CSV in the signs of a locale, and JSON lines by column."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import tzinfo
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from harken_server.exports.options import HowWritten, csv_style_of, zone_of
from harken_server.exports.shaped import Export, Shaped, say_time, shaped
from harken_server.exports.table import TypedColumn, Value
from harken_server.kernel.numbers import plain_members
from harken_server.kernel.sheet_files import CsvStyle

Cell: TypeAlias = Callable[[Value], str]
_BARE = re.compile("[A-Za-z0-9_]+")
_encode = msgspec.json.Encoder().encode


def stream_shaped_csv(export: Export) -> AsyncGenerator[bytes]:
    """Chunks of a CSV file; raises BadRequestError before the first for what is asked wrongly."""
    style, zone = csv_style_of(export.query), zone_of(export.query)
    return csv_of(shaped(export), style, zone, export.query)


def stream_shaped_jsonl(export: Export) -> AsyncGenerator[bytes]:
    """Chunks of lines, each an object by column; raises as `stream_shaped_csv` does."""
    zone = zone_of(export.query)
    return jsonl_of(shaped(export), zone, export.query)


async def csv_of(
    found: Shaped, style: CsvStyle, zone: tzinfo | None, query: HowWritten
) -> AsyncGenerator[bytes]:
    """Chunks of a CSV file of these rows."""
    cells = [_cell_of(column, style, zone) for column in found.columns]
    names = [_head(name, style) for name in names_of(found.columns, query)]
    head = style.begins + style.separator.join(names) + style.line_end
    separator, line_end = style.separator, style.line_end
    async with aclosing(found.blocks) as blocks:
        async for block in blocks:
            lines = [
                separator.join([cell(value) for cell, value in zip(cells, row, strict=True)])
                + line_end
                for row in block
            ]
            yield (head + "".join(lines)).encode()
            head = ""


def _cell_of(column: TypedColumn, style: CsvStyle, zone: tzinfo | None) -> Cell:
    """How a value of a column is written; nothing for None."""
    match column.kind:
        case "time":
            return _time_cell(zone, is_plain=style.dialect == "spreadsheet")
        case "choice":
            return lru_cache(maxsize=1024)(style.cell)
        case _:
            return style.cell


def _time_cell(zone: tzinfo | None, *, is_plain: bool) -> Cell:
    @lru_cache(maxsize=1024)
    def cell(value: Value) -> str:
        return "" if value is None else say_time(value, zone, is_plain=is_plain)

    return cell


def _head(name: str, style: CsvStyle) -> str:
    return name if _BARE.fullmatch(name) else style.text(name)


def names_of(columns: Sequence[TypedColumn], query: HowWritten) -> list[str]:
    """Of each column its own: titles that several have get the key behind them."""
    if query.header == "key":
        return [column.name for column in columns]
    titles = [column.title for column in columns]
    return [
        title if titles.count(title) == 1 else f"{title} ({column.name})"
        for title, column in zip(titles, columns, strict=True)
    ]


async def jsonl_of(found: Shaped, zone: tzinfo | None, query: HowWritten) -> AsyncGenerator[bytes]:
    """Chunks of lines of these rows, each an object by column."""
    names = names_of(found.columns, query)
    times = [column.kind == "time" for column in found.columns]
    async with aclosing(found.blocks) as blocks:
        async for block in blocks:
            lines = [
                _encode(
                    plain_members(
                        {
                            name: _json_value(value, zone, is_time=is_time)
                            for name, value, is_time in zip(names, row, times, strict=True)
                        }
                    )
                )
                for row in block
            ]
            yield b"".join(line + b"\n" for line in lines)


def _json_value(value: Value, zone: tzinfo | None, *, is_time: bool) -> Any:
    return say_time(value, zone, is_plain=False) if is_time and value is not None else value

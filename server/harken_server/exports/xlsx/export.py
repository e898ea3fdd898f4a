"""Responses as a workbook, streamed: a sheet of rows, a codebook, and what the file is about."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from datetime import tzinfo
from itertools import count

from harken_server.exports.about import About
from harken_server.exports.table import Block, TypedColumn
from harken_server.exports.titles import Kind
from harken_server.exports.xlsx.book import MAX_COLUMNS, Book, Heading
from harken_server.exports.xlsx.cells import EMPTY, Write, text_cell, writers
from harken_server.exports.xlsx.long_texts import HEADINGS, SHEET, LongTexts
from harken_server.http.problems import BadRequestError

RESPONSES = "responses"
CODEBOOK = (
    Heading("column", 28), Heading("kind", 10), Heading("title", 60), Heading("value", 20),
    Heading("label", 40),
)  # fmt: skip
ABOUT = (Heading("about", 24), Heading("this file", 60))
_WIDTHS: dict[Kind, int] = {
    "text": 38, "choice": 14, "whole": 9, "decimal": 12, "truth": 9, "time": 20, "day": 12,
}  # fmt: skip
MAX_WIDTH = 40


async def stream_xlsx(
    columns: Sequence[TypedColumn],
    blocks: AsyncGenerator[Block],
    zone: tzinfo,
    about: About,
    sheet: str = RESPONSES,
) -> AsyncGenerator[bytes]:
    """Chunks of a workbook; the first comes after the database has answered.

    Times are those of a clock on the wall in `zone`. Raises BadRequestError for more columns than
    a sheet has.
    """
    if len(columns) > MAX_COLUMNS:
        raise BadRequestError(
            f"This file has {len(columns)} columns and a worksheet {MAX_COLUMNS}: take "
            "CSV or Parquet, or name some columns.",
            code="too_many_columns",
        )
    rows = 0
    with Book() as book, LongTexts() as long_texts:
        write = _row_writer(columns, zone, long_texts)
        async with aclosing(blocks):
            async for block in blocks:
                if not rows:
                    book.begin(sheet, [_heading(column) for column in columns])
                book.add(write(block))
                rows += len(block)
                if piece := book.take():
                    yield piece
        book.end()
        for piece in _further_sheets(book, columns, long_texts, about.lines(rows)):
            yield piece
        book.close()
        yield book.take()


def _row_writer(columns: Sequence[TypedColumn], zone: tzinfo, long_texts: LongTexts):
    of_kind = writers(zone)
    cells: list[Write] = [
        long_texts.cells(column.name) if column.kind == "text" else of_kind[column.kind]
        for column in columns
    ]

    places = [place for place, column in enumerate(columns) if column.name == "response_id"]
    numbers = count(1)

    def write(block: Block) -> list[str]:
        rows: list[str] = []
        for values, number in zip(block, numbers, strict=False):
            rows.append(
                "".join(
                    [
                        EMPTY if value is None else cell(value)
                        for cell, value in zip(cells, values, strict=True)
                    ]
                )
            )
            long_texts.keep(str(values[places[0]] if places else number))
        return rows

    return write


def _further_sheets(
    book: Book,
    columns: Sequence[TypedColumn],
    long_texts: LongTexts,
    about: Sequence[tuple[str, str]],
) -> Iterator[bytes]:
    """Nobody waits long between two pieces."""
    lines = [(name, value) for name, value in about]
    if long_texts.count:
        lines.append(("texts split", f"{long_texts.count}, whole on the sheet {SHEET}"))
        book.begin(SHEET, HEADINGS)
        for row in long_texts.rows():
            book.add([row])
            yield book.take()
        book.end()
    book.begin("codebook", CODEBOOK)
    for column in columns:
        book.add(list(_codebook_rows(column)))
        yield book.take()
    book.end()
    book.begin("about", ABOUT)
    book.add([text_cell(name) + text_cell(value) for name, value in lines])
    book.end()


def _codebook_rows(column: TypedColumn) -> Iterator[str]:
    """A line of the column, with a further one for each further value."""
    first = "".join(map(text_cell, (column.name, column.kind, column.title)))
    if not column.labels:
        yield first
    for value, label in column.labels.items():
        yield first + text_cell(value) + text_cell(label)


def _heading(column: TypedColumn) -> Heading:
    width = max(_WIDTHS[column.kind], len(column.name) + 4)
    return Heading(column.name, min(width, MAX_WIDTH))

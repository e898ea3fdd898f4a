"""Files as they were brought: where they lie, and their rows, read within bounds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO
from uuid import UUID

from harken_server.database.settings import DatabaseSettings
from harken_server.http.runtime import Runtime
from harken_server.importers.rules.layout import Layout, codec_of
from harken_server.kernel.errors import InvalidInputError

FOLDER = "imports"
"""In the data directory."""
MAX_ROW_CHARS = 1_000_000
"""A hundred times what a text may have: what is longer is no row."""
START_BYTES = 256 * 1024
"""Of a file, by which it is judged."""


class Row(NamedTuple):
    """A row of a file."""

    number: int
    """As a spreadsheet counts it: from 1, that of names included."""
    cells: list[str]
    bytes_read: int
    """Of the file, so far."""


def path_of(runtime: Runtime, import_id: UUID) -> Path:
    """Where the file lies that somebody brought."""
    return runtime.settings.of(DatabaseSettings).data_dir / FOLDER / f"{import_id}.csv"


def refused_path_of(runtime: Runtime, import_id: UUID) -> Path:
    """Where the rows lie that were refused of it."""
    return path_of(runtime, import_id).with_suffix(".refused.csv")


def remove_files(runtime: Runtime, import_id: UUID) -> None:
    """Take away all that lies there of it."""
    for path in (path_of(runtime, import_id), refused_path_of(runtime, import_id)):
        path.unlink(missing_ok=True)


def read_start(path: Path) -> bytes:
    """The beginning of the file."""
    with path.open("rb") as file:
        return file.read(START_BYTES)


def rows_of(path: Path, layout: Layout) -> Iterator[Row]:
    """The rows after that of names, without empty ones; no more than one is held.

    Raises InvalidInputError, naming the row, where it cannot go on: what follows was not read.
    """
    with path.open("rb") as file:
        text = io.TextIOWrapper(file, encoding=codec_of(layout.encoding), newline="")
        lines = _Lines(text)
        if layout.skips:
            next(lines, None)
        rows, number = csv.reader(lines, delimiter=layout.separator), 0
        while True:
            lines.chars = 0
            try:
                cells = next(rows, None)
            except (csv.Error, UnicodeError) as error:
                raise _stopped(number + 1, error) from None
            if cells is None:
                return
            number += bool(cells)
            is_names = layout.has_names and number == 1
            if not is_names and any(cell.strip() for cell in cells):
                yield Row(number, cells, file.tell())


class _Lines:
    """Lines of a text, in pieces no larger than a row may be."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.chars = 0
        """Of the row that is being read."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_ROW_CHARS)
        self.chars += len(line)
        if self.chars >= MAX_ROW_CHARS:
            raise csv.Error
        if not line:
            raise StopIteration
        return line


def _stopped(number: int, error: Exception) -> InvalidInputError:
    if isinstance(error, UnicodeError):
        why = "has letters that are written otherwise than you chose"
    else:
        why = "has no end: a quotation mark is opened there and never closed, or it is no CSV"
    return InvalidInputError(f"Row {number:,} {why}. What follows it was not read.")

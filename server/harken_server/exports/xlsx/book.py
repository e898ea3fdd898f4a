"""A workbook that is written from front to back, however many rows there are.

Nothing is held but what one block of rows takes: sizes follow each part in the ZIP file, and what
lists the parts comes last. `zipfile` does that by itself for a file in which it cannot go back.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, NamedTuple

from harken_server.exports.xlsx import parts
from harken_server.exports.xlsx.cells import heading_cell
from harken_server.exports.xlsx.parts import MAIN, XML, SheetPart

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAX_ROWS = 1_048_576
"""Of a worksheet, its heading included (Excel specifications and limits)."""
MAX_COLUMNS = 16_384
MAX_SHEET_BYTES = 2_000_000_000
"""Unpacked: below the 4 GiB from where on a part of a ZIP file is written differently."""
LEVEL = 1
"""Of compression: others take several times as long for a tenth less."""


class Heading(NamedTuple):
    """The first cell of a column."""

    name: str
    width: int
    """Digits that fit beside one another."""


class Book:
    """Sheets are begun and ended one after the other; `take` gives the bytes that are ready."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._sheets: list[SheetPart] = []
        self._part: IO[bytes] | None = None
        self._write("_rels/.rels", parts.ROOT)

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        """End what was broken off in the middle, which nobody reads any more."""
        if self._part is not None:
            self._part.close()
        self._zip.close()

    def begin(self, name: str, columns: Sequence[Heading]) -> None:
        """Begin a sheet with its first line; one that is full goes on in `name 2`."""
        self._title, self._columns, self._pages = name, columns, 1
        self._open(name)

    def add(self, rows: Sequence[str]) -> None:
        """Write rows, each the XML of its cells."""
        while rows:
            if self._size > MAX_SHEET_BYTES or self._rows == MAX_ROWS:
                self.end()
                self._pages += 1
                self._open(f"{self._title} {self._pages}")
            room = MAX_ROWS - self._rows
            self._append(rows[:room])
            rows = rows[room:]

    def end(self) -> None:
        """End the sheet."""
        last = f"{_letters(len(self._columns))}{self._rows}"
        self._put(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode())
        if self._part is not None:
            self._part.close()
            self._part = None
        area = f"$A$1:${_letters(len(self._columns))}${self._rows}"
        self._sheets.append(SheetPart(self._name, area))

    def close(self) -> None:
        """Write what lists the sheets."""
        count = len(self._sheets)
        self._write("xl/styles.xml", parts.STYLES)
        self._write("xl/workbook.xml", parts.workbook(self._sheets))
        self._write("xl/_rels/workbook.xml.rels", parts.workbook_links(count))
        self._write("[Content_Types].xml", parts.content_types(count))
        self._zip.close()

    def take(self) -> bytes:
        """What is ready to be sent since last time."""
        return self._sink.take()

    def _open(self, name: str) -> None:
        number = len(self._sheets) + 1
        self._name, self._size, self._rows = name, 0, 0
        self._part = self._zip.open(f"xl/worksheets/sheet{number}.xml", "w")
        widths = "".join(
            f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
            for n, (_, width) in enumerate(self._columns, 1)
        )
        chosen = ' tabSelected="1"' if number == 1 else ""
        self._put(
            f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"{chosen}>'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>".encode()
        )
        self._append(["".join(heading_cell(title) for title, _ in self._columns)])

    def _put(self, written: bytes) -> None:
        if self._part is not None:
            self._part.write(written)

    def _append(self, rows: Sequence[str]) -> None:
        written = f"<row>{'</row><row>'.join(rows)}</row>".encode()
        self._put(written)
        self._size += len(written)
        self._rows += len(rows)

    def _write(self, name: str, text: str) -> None:
        with self._zip.open(name, "w") as part:
            part.write(text.encode())


class _Sink(io.RawIOBase):
    """Takes bytes as a file does that only goes forward."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Buffer, /) -> int:
        taken = bytes(piece)
        self._pieces.append(taken)
        return len(taken)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _letters(number: int) -> str:
    """The name of a column by its number.

    >>> [_letters(n) for n in (1, 26, 27, 702, 703)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

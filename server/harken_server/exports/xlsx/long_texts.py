"""Texts that no cell can hold: whole, in parts, on a sheet of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

import msgspec

from harken_server.exports.xlsx.book import Heading
from harken_server.exports.xlsx.cells import (
    NOTICE,
    Write,
    number_cell,
    split_text,
    text_cell,
    text_cells,
)

SHEET = "long texts"
HEADINGS = (
    Heading("response", 38), Heading("column", 24), Heading("part", 8), Heading("text", 80),
)  # fmt: skip
IN_MEMORY = 1_000_000
"""Bytes; what is more waits in a temporary file."""


class LongTexts:
    """What is left over while rows are written; use it as a context."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, list[str]]] = []
        self._file = tempfile.SpooledTemporaryFile[bytes](IN_MEMORY)
        self.count = 0
        """Texts that were split."""

    def __enter__(self) -> LongTexts:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def cells(self, column: str) -> Write:
        """A text column's cells: of a text that is too long the beginning, and a notice."""

        def shorten(text: str) -> str:
            parts = split_text(text)
            self._waiting.append((column, parts))
            return parts[0] + NOTICE

        return text_cells(shorten)

    def keep(self, response: str) -> None:
        """What was left over of this response, if anything was; by its id, or as a row number."""
        for column, parts in self._waiting:
            self.count += 1
            for number, part in enumerate(parts, 1):
                cells = (text_cell(response), text_cell(column), number_cell(number))
                self._file.write(msgspec.json.encode("".join((*cells, text_cell(part)))) + b"\n")
        self._waiting.clear()

    def rows(self) -> Iterator[str]:
        """The rows of the sheet."""
        self._file.seek(0)
        line: Any
        for line in self._file:
            yield msgspec.json.decode(line, type=str)

"""How a CSV file for a spreadsheet or a program is written: its signs, its cells, its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from harken_server.kernel.local.numbers import signs_of, writes_numbers
from harken_server.kernel.numbers import number_text
from harken_server.kernel.sheet_cells import guard_text

Dialect: TypeAlias = Literal["raw", "spreadsheet"]
"""`raw` for programs: text untouched, RFC 3339 times, LF. `spreadsheet` for Excel, LibreOffice and
Sheets: byte order mark, CRLF, plain times, text that could be taken for a formula made harmless."""
BYTE_ORDER_MARK = "\ufeff"
_LISTS_BY_SEMICOLON = re.compile("-(CH|LI)$")
"""Territories whose spreadsheets part cells by semicolons although their decimal sign is a point
(CLDR has no list separator; that of Windows' regional settings)."""


class CsvStyle(NamedTuple):
    """The signs of a file."""

    dialect: Dialect = "raw"
    separator: str = ","
    decimal: str = "."

    @property
    def line_end(self) -> str:
        """What ends a line."""
        return "\n" if self.dialect == "raw" else "\r\n"

    @property
    def begins(self) -> str:
        """What the file begins with."""
        return "" if self.dialect == "raw" else BYTE_ORDER_MARK

    def text(self, value: str) -> str:
        """The cell of a text: in quotes, and harmless where people open it."""
        shown = value if self.dialect == "raw" else guard_text(value)
        return '"' + shown.replace('"', '""') + '"'

    def number(self, value: float) -> str:
        """The cell of a number: bare digits."""
        digits = number_text(value + 0.0 if isinstance(value, float) else value)
        return digits if self.decimal == "." else digits.replace(".", self.decimal)

    def cell(self, value: object) -> str:
        """The cell of a text, a number or a truth; empty for None."""
        match value:
            case None:
                return ""
            case bool():
                return "1" if value else "0"
            case int() | float():
                return self.number(value)
            case _:
                return self.text(str(value))

    def line(self, values: Iterable[object]) -> str:
        """A line of a file."""
        return self.separator.join(map(self.cell, values)) + self.line_end


def style_of(dialect: Dialect, locale: str | None = None) -> CsvStyle:
    """The signs that spreadsheets of a locale expect; without one those that programs expect.

    Raises ValueError for a locale of whose numbers nothing is known.

    >>> style_of("spreadsheet", "de-AT"), style_of("raw", "de-CH").separator
    (CsvStyle(dialect='spreadsheet', separator=';', decimal=','), ';')
    """
    if locale is None:
        return CsvStyle(dialect)
    if not writes_numbers(locale):
        raise ValueError(locale)
    decimal = signs_of(locale).decimal
    is_parted = decimal == "," or _LISTS_BY_SEMICOLON.search(locale) is not None
    return CsvStyle(dialect, ";" if is_parted else ",", decimal)


def csv_file(heads: Sequence[str], rows: Iterable[Iterable[object]], style: CsvStyle) -> bytes:
    """A short file at once; heads are bare, as programs know them."""
    lines = [style.line(row) for row in rows]
    head = style.begins + style.separator.join(heads) + style.line_end
    return (head + "".join(lines)).encode()

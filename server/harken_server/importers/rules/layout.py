"""How a file of rows is written, guessed from its beginning: letters, separator, first row."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import Literal, TypeAlias

import msgspec

from harken_server.kernel.errors import InvalidInputError

Encoding: TypeAlias = Literal[
    "utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030"
]
ENCODINGS: dict[Encoding, str] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16 (Excel: “Unicode text”)",
    "cp1252": "Windows, Western Europe",
    "cp1250": "Windows, Central Europe",
    "cp1251": "Windows, Cyrillic",
    "cp1253": "Windows, Greek",
    "cp1254": "Windows, Turkish",
    "shift_jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
}
Separator: TypeAlias = Literal[",", ";", "\t", "|"]
SEPARATORS: dict[Separator, str] = {",": "Comma ,", ";": "Semicolon ;", "\t": "Tab", "|": "Bar |"}
_SEP_LINE = re.compile('"?sep=(.)"?\r?\n?', re.IGNORECASE)
_NOT_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "an Excel workbook or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{", "JSON"),
    (b"[{", "JSON"),
    (b"<", "a web page or XML"),
)


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is written."""

    encoding: Encoding
    separator: Separator
    has_names: bool
    """Whether its first row names the columns."""
    skips: bool = False
    """Whether a line stands before it that only names the separator, as Excel writes it."""


def require_table(start: bytes) -> None:
    """Raise InvalidInputError for what plainly is no CSV, saying what it is and what to do."""
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, what in _NOT_TABLES:
        if plain.startswith(mark):
            raise InvalidInputError(
                f"This is {what}, not CSV. Open it in your spreadsheet, choose “Save as”, then"
                " “CSV UTF-8”, and bring that file."
            )
    if not plain:
        raise InvalidInputError("The file is empty: there is not one row in it.")
    if b"\x00" in start and not _is_utf_16(start):
        raise InvalidInputError("This is no text, so it cannot be CSV. Save it as “CSV UTF-8”.")


def guess_layout(start: bytes, *, is_utf_8: bool) -> Layout:
    """How it is probably written; `is_utf_8` is of the whole file, `start` its beginning."""
    encoding: Encoding = "utf-16" if _is_utf_16(start) else "utf-8" if is_utf_8 else "cp1252"
    text = decode_start(start, encoding)
    found = _SEP_LINE.match(text)
    skips, said = found is not None, found[1] if found else ""
    rest = text[found.end() :] if found else text
    named: Separator | None = next((one for one in SEPARATORS if one == said), None)
    separator = named or _separator(rest)
    rows = rows_in(rest, separator, most=20)
    has_names = _has_names(rows[0], rows[1:]) if rows else True
    return Layout(encoding=encoding, separator=separator, has_names=has_names, skips=skips)


def decode_start(start: bytes, encoding: Encoding) -> str:
    """The beginning of a file as text: what is cut at its end is left out."""
    decoder = codecs.getincrementaldecoder(codec_of(encoding))("replace")
    return decoder.decode(start)


def codec_of(encoding: Encoding) -> str:
    """What Python calls it, with or without a byte order mark."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


def rows_in(text: str, separator: Separator, *, most: int) -> list[list[str]]:
    """The first rows; an end that cannot be read is left out."""
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if row:
                found.append(row)
            if len(found) == most:
                break
    except csv.Error:
        pass
    return found


def _is_utf_16(start: bytes) -> bool:
    return start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _separator(text: str) -> Separator:
    """The sign that parts the first rows into the most cells, equally many in each."""

    def fitness(separator: Separator) -> tuple[int, int]:
        widths = [len(row) for row in rows_in(text, separator, most=10)]
        alike = sum(width == widths[0] for width in widths) if widths else 0
        return (alike if widths and widths[0] > 1 else 0, widths[0] if widths else 0)

    return max(SEPARATORS, key=fitness)


def _has_names(first: list[str], others: list[list[str]]) -> bool:
    """Whether the first row names columns: no cell empty, twice there, a number, day or link."""
    cells = [cell.strip() for cell in first]
    if len(set(cells)) < len(cells) or any(len(cell) > 100 or _is_data(cell) for cell in cells):
        return False
    if all(cells):
        return True
    return bool(others) and any(_is_data(cell.strip()) for row in others for cell in row)


def _is_data(cell: str) -> bool:
    return cell.startswith(("http://", "https://")) or bool(re.match(r"[-+]?\d", cell))

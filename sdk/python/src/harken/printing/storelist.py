"""Reads a list of stores, one printed code a row, and says what is wrong with every bad row.

Columns: `store` and `touchpoint`; `url`, or `code` with a base address; and, where wanted, `label`,
`text`, `words` and `note`. Any other column is carried along untouched.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import msgspec

from harken.printing.slip import Slip

MAX_ROWS = 10_000
MAX_NAME = 200
"""Characters of a store's or touchpoint's name."""
CODE_LENGTH = 9
"""Of a place code: eight characters and a check character."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_URL = re.compile(r"https?://[^/?#\s]+\S*", re.IGNORECASE)
_SURPLUS = "\0surplus"
_OWN = ("store", "touchpoint", "url", "code", "label", "text", "words", "note")


class Place(msgspec.Struct, frozen=True):
    """One row: a code that is printed for one store's touchpoint."""

    line: int
    """In the file; 1 is the header."""
    store: str
    touchpoint: str
    code: str
    """The code, or what stands after the last / of the link."""
    slip: Slip
    label: str = ""
    row: tuple[tuple[str, str], ...] = ()
    """What stood in the file, column by column."""

    @property
    def extra(self) -> dict[str, str]:
        """Columns that Harken does not know, with what the row has there."""
        return {name: cell for name, cell in self.row if name and name not in _OWN}


class BadRow(msgspec.Struct, frozen=True):
    """A row that cannot be printed, and why."""

    line: int
    reason: str
    row: tuple[tuple[str, str], ...] = ()
    """What stood there, column by column."""


def read_places(text: str, template: Slip, base: str | None = None) -> list[Place | BadRow]:
    """Every row of a CSV file (comma, semicolon or tab), in its order.

    `template` gives what the rows leave out; its link is not used. `base` is the address that codes
    are put behind, such as `https://fb.acme.com/R/`. ValueError for a file that is no such list.
    """
    rows = _rows(text)
    found: list[Place | BadRow] = []
    seen: dict[tuple[str, str, str], int] = {}
    for line, row in rows:
        place = _place(line, row, template, base)
        if isinstance(place, Place):
            key = (place.store, place.touchpoint, place.slip.url.casefold())
            if key in seen:
                place = BadRow(line, f"the same code as in line {seen[key]}", tuple(row.items()))
            seen.setdefault(key, line)
        found.append(place)
    if not found:
        raise ValueError("the list of stores has no rows below its header")
    return found


def check_place_code(code: str) -> str:
    """The code in its canonical spelling; ValueError when it was mistyped.

    The check character is that of ISO/IEC 7064:2003, MOD 33,32.

    >>> check_place_code("oooo-oooo-s")
    '00000000S'
    """
    spelled = code.upper().translate(_READ_AS)
    if len(spelled) != CODE_LENGTH or any(each not in _ALPHABET for each in spelled):
        raise ValueError(f"{code!r} is no place code: those have {CODE_LENGTH} characters")
    product = 32
    for letter in spelled[:-1]:
        product = ((product + _ALPHABET.index(letter)) % 32 or 32) * 2 % 33
    if _ALPHABET[(1 - product) % 32] != spelled[-1]:
        raise ValueError(f"{code!r} is mistyped: its check character does not fit")
    return spelled


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    header = text.removeprefix("\ufeff").partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, list[str]())]
        _check_header(names)
        start = reader.line_num + 1
        for count, cells in enumerate(reader):
            if count >= MAX_ROWS:
                raise ValueError(f"the list has more than {MAX_ROWS} rows; split it")
            if any(cell.strip() for cell in cells):
                row = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
                surplus = [cell for cell in cells[len(names) :] if cell.strip()]
                yield start, row | ({_SURPLUS: surplus[0]} if surplus else {})
            start = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num} is not CSV: {error}") from error


def _check_header(names: list[str]) -> None:
    for name in ("store", "touchpoint"):
        if name not in names:
            raise ValueError(f"the list of stores has no column {name!r}")
    if "url" not in names and "code" not in names:
        raise ValueError("the list of stores needs a column 'url' or 'code'")
    if twice := [name for name in dict.fromkeys(names) if name and names.count(name) > 1]:
        raise ValueError(f"the list of stores has the column {twice[0]!r} twice")


def _place(line: int, row: dict[str, str], template: Slip, base: str | None) -> Place | BadRow:
    surplus = row.pop(_SURPLUS, "")
    known = {name: row.get(name, "") for name in _OWN}
    try:
        _check_row(known, surplus)
        url, code = _link(known["url"], known["code"], base)
        words = known["words"] or template.words
        slip = msgspec.structs.replace(
            template,
            url=url,
            text=known["text"] or template.text,
            words=words,
            note=known["note"] or known["label"] or template.note,
        )
    except ValueError as error:
        return BadRow(line, str(error), tuple(row.items()))
    cells = tuple(row.items())
    return Place(line, known["store"], known["touchpoint"], code, slip, known["label"], cells)


def _check_row(known: dict[str, str], surplus: str) -> None:
    if surplus:
        raise ValueError(f"{surplus!r} stands behind the last column")
    for name in ("store", "touchpoint"):
        if not known[name]:
            raise ValueError(f"{name} is empty")
        if len(known[name]) > MAX_NAME:
            raise ValueError(
                f"{name} has {len(known[name])} characters; at most {MAX_NAME} are taken"
            )


def _link(url: str, code: str, base: str | None) -> tuple[str, str]:
    if url and code:
        raise ValueError("either url or code is given, not both")
    if url:
        if not _URL.fullmatch(url):
            raise ValueError(
                f"url is a whole address, such as https://fb.acme.com/R/…, not {url!r}"
            )
        return url, url.rstrip("/").rpartition("/")[2]
    if not code:
        raise ValueError("url and code are empty")
    if base is None:
        raise ValueError("a code needs the address it is put behind (--base)")
    canonical = check_place_code(code)
    return f"{base.rstrip('/')}/{canonical}", canonical

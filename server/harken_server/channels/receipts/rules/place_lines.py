"""Stores and tills as somebody pastes them: one place a line, `Oslo 1; Till 1`.

Tabs, semicolons and commas part the two, whichever the first lines have; a first line with headings
is left out. Every mistake is named by its line and field, and then nothing is taken.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple

from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.kernel.shown_text import hidden_character

MAX_PLACES = 500
"""At once: what a sheet of labels and a ZIP are still made of while somebody waits."""
MAX_LABEL = 120
"""Characters of store and till together, as it is kept and printed."""
MAX_PROBLEMS = 20
JOINED = ", "
_DELIMITERS = ("\t", ";", ",")
_LOOKED_AT = 5
_STORE_HEADINGS = frozenset({"store", "stores", "store name", "shop", "shop name", "name", "site"})
_TILL_HEADINGS = frozenset({"", "till", "tills", "till name", "place", "counter", "table", "label"})


class PlaceLine(NamedTuple):
    """One place that gets a code."""

    store: str
    till: str
    """Empty: the code is for the store as a whole."""

    @property
    def label(self) -> str:
        """What it is called on labels and in lists."""
        return f"{self.store}{JOINED}{self.till}" if self.till else self.store


def decode_list(raw: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, else the letters of Windows.

    >>> decode_list("Malmö".encode("cp1252")), decode_list("Malmö".encode("utf-8-sig"))
    ('Malmö', 'Malmö')
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def read_places(text: str) -> list[PlaceLine]:
    """The places of a list, in its order. InvalidInputError (`bad_list`) names each bad line.

    >>> read_places("Store;Till\\nOslo 1; Till 1\\nBergen")
    [PlaceLine(store='Oslo 1', till='Till 1'), PlaceLine(store='Bergen', till='')]
    """
    found: dict[PlaceLine, int] = {}
    problems: list[Problem] = []
    for at, cells in _rows(text):
        problem, place = _place_of(at, cells)
        if place is not None and place in found:
            problem = _problem(at, "store", f"is the same as line {found[place]}")
        if problem is not None:
            problems.append(problem)
            if len(problems) == MAX_PROBLEMS:
                break
        elif place is not None:
            found[place] = at
            if len(found) > MAX_PLACES:
                break
    if not problems and not 1 <= len(found) <= MAX_PLACES:
        said = "more" if found else "none"
        message = f"The list has 1 to {MAX_PLACES} places, one a line; this one has {said}."
        problems.append(Problem("$.places", "length", message, limit=MAX_PLACES))
    if problems:
        raise InvalidInputError(
            "This list cannot be taken yet.", tuple(problems[:MAX_PROBLEMS]), code="bad_list"
        )
    return list(found)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that has any, with the number of the line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    filled = [line for line in lines if line.strip()]
    delimiter = next(
        (one for one in _DELIMITERS if any(one in line for line in filled[:_LOOKED_AT])), ";"
    )
    is_first = True
    for at, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in _cells(line, delimiter)]
        if not any(cells):
            continue
        if not (is_first and _is_heading(cells)):
            yield at, cells
        is_first = False


def _cells(line: str, delimiter: str) -> list[str]:
    """Those of one line; what is quoted badly is taken as it stands."""
    try:
        read = csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True)
        return next(read) if line.strip() else []
    except csv.Error:
        return line.split(delimiter)


def _is_heading(cells: list[str]) -> bool:
    store, till = cells[0].casefold(), (cells[1] if len(cells) > 1 else "").casefold()
    return store in _STORE_HEADINGS and till in _TILL_HEADINGS


def _place_of(at: int, cells: list[str]) -> tuple[Problem | None, PlaceLine | None]:
    if any(cells[2:]):
        message = f"has {len(cells)} fields; a line has a store and a till, and no more"
        return _problem(at, "till", message), None
    place = PlaceLine(cells[0], cells[1] if len(cells) > 1 else "")
    if not place.store:
        return _problem(at, "store", "has no store before the till"), None
    for field, value in zip(("store", "till"), place, strict=True):
        if hidden := hidden_character(value):
            message = f"has a {field} that holds {hidden}, which cannot be seen"
            return _problem(at, field, message), None
    if len(place.label) > MAX_LABEL:
        field = "till" if len(place.store) <= MAX_LABEL else "store"
        message = f"has a name of {len(place.label)} characters; {MAX_LABEL} are the most"
        return _problem(at, field, message), None
    return None, place


def _problem(at: int, field: str, message: str) -> Problem:
    text = f"Line {at} ({field}): {message}."
    return Problem(f"$.places[{at - 1}].{field}", "bad_line", text)

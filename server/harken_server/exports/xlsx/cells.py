"""Cells of a worksheet: how each kind of value is written.

A cell states its type, so that nothing is guessed: a text is never a number, a day or a formula
(ECMA-376 part 1, 18.3.1.4 and 18.18.11, `inlineStr`). Addresses of cells are left out, as the
format allows; an empty cell keeps the place of the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, tzinfo
from functools import lru_cache
from typing import Any, TypeAlias

from harken_server.exports.local_times import local_ms
from harken_server.exports.store.lines import text_of_time
from harken_server.exports.titles import Kind
from harken_server.exports.xlsx.parts import Style

Write: TypeAlias = Callable[[Any], str]
"""The cell of a value of one kind."""
EMPTY = "<c/>"
"""The cell of nothing."""
MAX_CELL_CHARS = 32_767
"""Of UTF-16, of which an emoji has two (Excel specifications and limits)."""
MAX_FORMATTED_CHARS = 255
"""Excel shows `###` for a longer text in a cell that is formatted as text."""
NOTICE = " […]"
"""Ends a cell whose text goes on in the sheet of long texts."""
FIRST_DAY, LAST_DAY = date(1900, 3, 1), date(9999, 12, 31)
"""Before it Excel counts a 29 February 1900 that never was."""
DAY_ZERO = date(1899, 12, 30)
_DAY_MS = 86_400_000
_FIRST_MS = (FIRST_DAY - date(1970, 1, 1)).days * _DAY_MS
_LAST_MS = (LAST_DAY - date(1970, 1, 1)).days * _DAY_MS
_UNIX_DAY = (date(1970, 1, 1) - DAY_ZERO).days
_UNSAFE = re.compile(
    r"[&<>\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)"
)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def text_cells(shorten: Callable[[str], str]) -> Write:
    """Texts; one that no cell holds is shortened first."""
    search, plain, end = _UNSAFE.search, _begin(Style.TEXT), _END

    def cell(text: str) -> str:
        if len(text) > MAX_FORMATTED_CHARS:
            return _text(shorten(text) if is_too_long(text) else text, Style.LONG)
        if search(text):
            return _text(text, Style.TEXT)
        return f"{plain}{text}{end}"

    return cell


def heading_cell(text: str) -> str:
    """The name of a column."""
    return _text(text, Style.HEADING)


def number_cell(number: float) -> str:
    """A number, with all digits of its double."""
    return f"<c><v>{number!r}</v></c>"


def truth_cell(truth: bool) -> str:
    """TRUE or FALSE."""
    return '<c t="b"><v>1</v></c>' if truth else '<c t="b"><v>0</v></c>'


@lru_cache(maxsize=4096)
def day_cell(day: date) -> str:
    """A day; as text where Excel's calendar does not reach."""
    if day < FIRST_DAY:
        return text_cell(day.isoformat())
    return f'<c s="{Style.DAY}"><v>{(day - DAY_ZERO).days}</v></c>'


def time_cells(zone: tzinfo) -> Write:
    """Times as a clock on the wall of the zone shows them, by milliseconds since 1970."""

    local = local_ms(zone)

    @lru_cache(maxsize=256)  # of one response they are often the same
    def time_cell(time: int) -> str:
        if not _FIRST_MS <= time < _LAST_MS:
            return text_cell(text_of_time(time))
        return f'<c s="{Style.TIME}"><v>{local(time) / _DAY_MS + _UNIX_DAY!r}</v></c>'

    return time_cell


def writers(zone: tzinfo) -> dict[Kind, Write]:
    """How the cells of each kind of column are written; texts are of any length elsewhere."""
    return {
        "text": text_cell,
        "choice": lru_cache(maxsize=1024)(text_cell),
        "whole": number_cell,
        "decimal": number_cell,
        "truth": truth_cell,
        "time": time_cells(zone),
        "day": day_cell,
    }


def split_text(text: str) -> list[str]:
    """Parts that a cell holds each; no character is cut in two.

    >>> [len(part) for part in split_text("x" * 70_000)]
    [32763, 32763, 4474]
    """
    size = MAX_CELL_CHARS - len(NOTICE)
    if text.isascii():
        return [text[start : start + size] for start in range(0, len(text), size)]
    parts, start, taken = list[str](), 0, 0
    for place, letter in enumerate(text):
        width = 2 if letter > "\uffff" else 1
        if taken + width > size:
            parts.append(text[start:place])
            start, taken = place, 0
        taken += width
    return [*parts, text[start:]]


def is_too_long(text: str) -> bool:
    """Whether it takes more than one cell."""
    if len(text) <= MAX_CELL_CHARS // 2:
        return False
    return len(text) + sum(letter > "\uffff" for letter in text) > MAX_CELL_CHARS


def _text(text: str, style: int) -> str:
    return f"{_begin(style)}{_UNSAFE.sub(_escaped, text)}{_END}"


def _begin(style: int) -> str:
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">'


_END = "</t></is></c>"


def _escaped(match: re.Match[str]) -> str:
    """As `_x001F_` what XML cannot say (ECMA-376 part 1, 22.9.2.19), and what looks like that."""
    letter = match[0]
    return _ENTITIES.get(letter) or f"_x{ord(letter):04X}_"


text_cell = text_cells(lambda text: split_text(text)[0] + NOTICE)
"""A text that nobody keeps the rest of, should it be too long."""

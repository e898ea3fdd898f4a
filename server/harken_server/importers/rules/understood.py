"""How a file is to be understood: guessed from its first rows, changed by whoever brought it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from harken_server.events.rules import MAX_PROPERTIES
from harken_server.importers.rules.fields import (
    KEPT,
    LEFT_OUT,
    Field,
    FileKind,
    by_names,
    fields_of,
)
from harken_server.importers.rules.layout import Layout
from harken_server.importers.rules.written import (
    DayOrder,
    Decimal,
    guess_decimal,
    guess_order,
    is_time,
)

MAX_COLUMNS = 100
MAX_KEPT = 40
"""Columns of feedback that stand beside it as context: what the intake takes."""
SCALES: tuple[tuple[int, int], ...] = ((1, 5), (0, 10), (1, 10), (1, 7), (1, 4), (1, 3), (0, 5))
"""What ratings of a new source may lie between."""
MOSTLY = 0.8
LONG_TEXT = 20
"""Characters of the middle cell that make a column without a name a text."""


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """How it is to be understood."""

    layout: Layout
    columns: tuple[Field, ...]
    """What each column is, in their order."""
    order: DayOrder | None = "iso"
    """How days are written; None: nobody knows yet."""
    decimal: Decimal = "."
    zone: str = "UTC"
    """Of times that name none."""
    source: str = ""
    """Key of the source that it goes to; empty: a new one."""
    title: str = ""
    """Of a new source."""
    scale: tuple[int, int] = (1, 5)
    """Of a new source."""
    event: str = ""
    """What each row tells, where no column says it."""


def most_kept(kind: FileKind) -> int:
    """How many columns may stand beside a row's own fields."""
    return MAX_PROPERTIES if kind == "events" else MAX_KEPT


def names_of(layout: Layout, rows: Sequence[Sequence[str]]) -> list[str]:
    """What the columns are called: by the first row, else by their place."""
    if not rows:
        return []
    if layout.has_names:
        return [cell.strip() or f"Column {place}" for place, cell in enumerate(rows[0], 1)]
    return [f"Column {place}" for place in range(1, max(map(len, rows)) + 1)]


def guess_choices(
    kind: FileKind, layout: Layout, rows: Sequence[Sequence[str]], zone: str
) -> Choices:
    """What the first rows, that of names included, most probably mean."""
    names = names_of(layout, rows)
    cells = [_cells(rows[layout.has_names :], place) for place in range(len(names))]
    columns = _by_cells(kind, by_names(kind, names), cells, layout)
    held = dict(zip(columns, cells, strict=True))
    ratings = [int(cell) for cell in held.get("rating", ()) if cell.isdecimal()]
    return Choices(
        layout=layout,
        columns=columns,
        order=guess_order(held.get("at", ())),
        decimal=guess_decimal(held.get("value", ())),
        zone=zone,
        scale=next((s for s in SCALES if _lie_within(ratings, s)), SCALES[0]),
    )


def _cells(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    cells = (row[place].strip() for row in rows if place < len(row))
    return [cell for cell in cells if cell]


def _by_cells(
    kind: FileKind, found: list[Field | None], cells: list[list[str]], layout: Layout
) -> tuple[Field, ...]:
    """The same, with fields that are still open given to the columns that look like them."""
    known = fields_of(kind)
    tests = {"at": _are_times, "link": _are_links, "text": _are_texts}
    if not layout.has_names:
        tests = {"at": _are_times, "link": _are_links, "rating": _are_ratings, "text": _are_texts}
    for field, holds in tests.items():
        if field in known and field not in found:
            place = next((n for n, f in enumerate(found) if f is None and holds(cells[n])), None)
            if place is not None:
                found[place] = field
    rest = iter([KEPT] * (most_kept(kind) if layout.has_names else 0))
    return tuple(next(rest, LEFT_OUT) if field is None else field for field in found)


def _are_times(cells: list[str]) -> bool:
    return bool(cells) and sum(map(is_time, cells)) >= MOSTLY * len(cells)


def _are_links(cells: list[str]) -> bool:
    return bool(cells) and all(cell.startswith(("http://", "https://")) for cell in cells)


def _are_ratings(cells: list[str]) -> bool:
    return bool(cells) and all(cell.isdecimal() and int(cell) <= 10 for cell in cells)


def _are_texts(cells: list[str]) -> bool:
    return bool(cells) and sorted(map(len, cells))[len(cells) // 2] >= LONG_TEXT


def _lie_within(ratings: list[int], scale: tuple[int, int]) -> bool:
    return bool(ratings) and all(scale[0] <= rating <= scale[1] for rating in ratings)

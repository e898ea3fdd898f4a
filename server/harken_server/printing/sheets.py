"""Where symbols and words stand on paper: posters, and sheets of labels. All lengths are in mm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harken_server.printing.letters import Block, fit

PAPERS: dict[str, tuple[float, float]] = {
    "a4": (210.0, 297.0),
    "a5": (148.0, 210.0),
    "a6": (105.0, 148.0),
}
_ASCENT = 0.95
"""From a line's top to its foot, in sizes of its letters."""


class Words(NamedTuple):
    """One line of text, centred on a point of its foot."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool


class Mark(NamedTuple):
    """A symbol with its quiet zone, by its upper left corner."""

    payload: str
    x: float
    y: float
    side: float


class Page(NamedTuple):
    """One side of paper."""

    width: float
    height: float
    words: tuple[Words, ...]
    marks: tuple[Mark, ...]


class Sign(NamedTuple):
    """What a poster or a label shows."""

    title: str
    note: str
    """A line below: what to do, or a code to be typed."""
    payload: str
    """What the symbol holds."""


class Grid(NamedTuple):
    """A sheet of labels; `pitch` is from one label's edge to the next one's."""

    label: str
    page: tuple[float, float]
    columns: int
    rows: int
    size: tuple[float, float]
    corner: tuple[float, float]
    pitch: tuple[float, float]

    @property
    def places(self) -> int:
        """Labels on a sheet."""
        return self.columns * self.rows


GRIDS: dict[str, Grid] = {
    "l7160": Grid(
        "A4, 21 a sheet (Avery L7160)", (210.0, 297.0), 3, 7, (63.5, 38.1), (7.25, 15.15),
        (66.0, 38.1),
    ),
    "l7163": Grid(
        "A4, 14 a sheet (Avery L7163)", (210.0, 297.0), 2, 7, (99.1, 38.1), (4.65, 15.15),
        (101.6, 38.1),
    ),
    "5160": Grid(
        "US Letter, 30 a sheet (Avery 5160)", (215.9, 279.4), 3, 10, (66.675, 25.4),
        (4.7625, 12.7), (69.85, 25.4),
    ),
}  # fmt: skip
"""By the maker's number; the sizes are those of its own drawings."""


def poster(sign: Sign, paper: str) -> Page:
    """The title above, the symbol as large as fits, the note below; `paper` is one of `PAPERS`."""
    width, height = PAPERS[paper]
    unit = width / 210
    edge = 20 * unit
    inner = width - 2 * edge
    title = fit(
        sign.title, width=inner, largest=20 * unit, smallest=8 * unit, lines=3, bold=True
    )  # fmt: skip
    note = fit(sign.note, width=inner, largest=9 * unit, smallest=4.5 * unit, lines=3)
    room = height - 2 * edge - title.height - note.height
    side = min(room - 8 * unit, inner)
    top = edge + title.height + (room - side) / 2
    foot = height - edge - note.height
    return Page(
        width,
        height,
        (
            *_lines(title, width / 2, edge, is_bold=True),
            *_lines(note, width / 2, foot, is_bold=False),
        ),
        (Mark(sign.payload, (width - side) / 2, top, side),),
    )


def posters(signs: Sequence[Sign], paper: str) -> list[Page]:
    """One poster each."""
    return [poster(sign, paper) for sign in signs]


def labels(signs: Sequence[Sign], grid: Grid) -> list[Page]:
    """One label each, in rows, on as many sheets as it takes."""
    return [
        _sheet(signs[first : first + grid.places], grid)
        for first in range(0, len(signs), grid.places)
    ]


def _sheet(signs: Sequence[Sign], grid: Grid) -> Page:
    words: list[Words] = []
    marks: list[Mark] = []
    for at, sign in enumerate(signs):
        row, column = divmod(at, grid.columns)
        x = grid.corner[0] + column * grid.pitch[0]
        y = grid.corner[1] + row * grid.pitch[1]
        mark, lines = _label(sign, x, y, grid.size)
        marks.append(mark)
        words += lines
    return Page(*grid.page, tuple(words), tuple(marks))


def _label(sign: Sign, x: float, y: float, size: tuple[float, float]) -> tuple[Mark, list[Words]]:
    """The symbol on the left, the words centred beside it."""
    width, height = size
    side = min(height - 3, width * 0.55)
    room = width - side - 4
    title = fit(sign.title, width=room, largest=4.4, smallest=2.0, lines=4, bold=True)
    note = fit(sign.note, width=room, largest=2.6, smallest=1.8, lines=2)
    space = 1.2
    top = y + (height - title.height - space - note.height) / 2
    middle = x + 1 + side + room / 2 + 1
    lines = [
        *_lines(title, middle, top, is_bold=True),
        *_lines(note, middle, top + title.height + space, is_bold=False),
    ]
    return Mark(sign.payload, x + 1, y + (height - side) / 2, side), lines


def _lines(block: Block, x: float, top: float, *, is_bold: bool) -> list[Words]:
    step = block.height / len(block.lines) if block.lines else 0
    return [
        Words(text, x, top + at * step + block.size * _ASCENT, block.size, is_bold)
        for at, text in enumerate(block.lines)
    ]

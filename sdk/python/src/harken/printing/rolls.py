"""Receipt paper: how wide it prints, how large modules are on it, and a slip as dots on it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from harken.printing.bitmap import Bitmap, blank, stack_bitmaps, symbol_bitmap
from harken.printing.lettering import font_files, text_bitmap
from harken.printing.logo import Drawn, draw_symbol
from harken.printing.slip import Slip
from harken.printing.symbol import DOTS_PER_MM, check_dots


class Roll(msgspec.Struct, frozen=True):
    """Paper of a receipt printer with 203 dots an inch."""

    width_mm: int
    """Of the paper."""
    dots: int
    """Dots that print across it."""
    module_dots: int
    """Dots a module takes unless said otherwise."""
    columns: int
    """Characters a line has in the printer's font A (12 dots wide)."""

    @property
    def printable_mm(self) -> float:
        """Width that prints."""
        return self.dots / DOTS_PER_MM


ROLLS = {
    "58": Roll(width_mm=58, dots=384, module_dots=5, columns=32),
    "80": Roll(width_mm=80, dots=576, module_dots=6, columns=48),
}


def fit_symbol(slip: Slip, roll: Roll, dots: int | None) -> tuple[Drawn, int]:
    """The symbol and its dots a module; ValueError when it does not fit across the paper."""
    dots = roll.module_dots if dots is None else dots
    made = draw_symbol(slip)
    check_dots(made.symbol, dots, roll.dots)
    return made, dots


def slip_bitmap(slip: Slip, width: int, dots: int) -> Bitmap:
    """The slip as dots, `width` across: words above and below the symbol."""
    made = draw_symbol(slip)
    check_dots(made.symbol, dots, width)
    symbol = symbol_bitmap(made, dots, width)
    if not slip.has_words:
        return symbol
    above = list(draw_words(slip, width, slip.text, "text"))
    below = [*draw_words(slip, width, slip.readable, "words")]
    below += [*draw_words(slip, width, slip.note, "note")]
    edge = blank(width, max(4, width // 48))
    return stack_bitmaps([edge, *above, symbol, *below, edge])


def draw_words(slip: Slip, width: int, text: str, part: str) -> Iterator[Bitmap]:
    """Words as dots, sized for the paper; nothing when there are none."""
    if not text:
        return
    regular, bold = font_files(slip.font)
    file, height = {
        "text": (bold, width / 15),
        "words": (regular, width / 21),
        "note": (regular, width / 24),
    }[part]
    margin = width // 32
    found = text_bitmap(text, width=width - 2 * margin, height=max(14, round(height)), file=file)
    yield from (_widened(found, width, margin), blank(width, max(2, width // 96)))


def _widened(bitmap: Bitmap, width: int, margin: int) -> Bitmap:
    size = (width + 7) // 8
    shift = size * 8 - margin - bitmap.row_bytes * 8
    rows = (int.from_bytes(row, "big") for row in bitmap.rows)
    shifted = (row << shift if shift >= 0 else row >> -shift for row in rows)
    return Bitmap(width, tuple(row.to_bytes(size, "big") for row in shifted))

"""Pictures of one bit a dot, as printers take them: whole dots, nothing resampled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from harken.printing.logo import Drawn, paint_symbol


class Bitmap(msgspec.Struct, frozen=True):
    """Rows of packed bits: 1 is dark, the leftmost dot is the highest bit, unused bits are 0."""

    width: int
    rows: tuple[bytes, ...]

    @property
    def height(self) -> int:
        """Dots from top to bottom."""
        return len(self.rows)

    @property
    def row_bytes(self) -> int:
        """Bytes a row takes."""
        return (self.width + 7) // 8

    def bits(self) -> Iterator[str]:
        """Each row as text of 0 and 1, `width` characters long."""
        for row in self.rows:
            yield f"{int.from_bytes(row, 'big'):0{self.row_bytes * 8}b}"[: self.width]


def from_bits(rows: Iterable[str], width: int) -> Bitmap:
    """A bitmap of rows of 0 and 1, each centred in `width` dots."""
    size = (width + 7) // 8

    def packed(row: str) -> bytes:
        left = (width - len(row)) // 2
        return (int(row, 2) << (size * 8 - left - len(row))).to_bytes(size, "big")

    return Bitmap(width, tuple(packed(row) for row in rows))


def symbol_bitmap(drawn: Drawn, dots: int, width: int | None = None) -> Bitmap:
    """The symbol with its quiet zone at `dots` dots a module, centred in `width` dots."""
    side = drawn.symbol.side * dots
    if drawn.logo:
        return from_bits(_grey_rows(drawn, dots), width or side)
    rows = ("".join(("1" if dark else "0") * dots for dark in row) for row in drawn.symbol.rows())
    return from_bits((row for each in rows for row in [each] * dots), width or side)


def blank(width: int, height: int) -> Bitmap:
    """White."""
    return Bitmap(width, (bytes((width + 7) // 8),) * height)


def stack_bitmaps(parts: Iterable[Bitmap]) -> Bitmap:
    """Bitmaps of one width, one below the other."""
    found = [part for part in parts if part.rows]
    (width,) = {part.width for part in found}
    return Bitmap(width, tuple(row for part in found for row in part.rows))


def _grey_rows(drawn: Drawn, dots: int) -> Iterator[str]:
    picture = paint_symbol(drawn, dots).convert("1")
    width, height = picture.size
    packed = picture.tobytes()
    size = (width + 7) // 8
    for top in range(height):
        row = int.from_bytes(packed[top * size : (top + 1) * size], "big")
        yield f"{row:0{size * 8}b}"[:width].translate({48: 49, 49: 48})

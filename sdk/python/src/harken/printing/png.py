"""A slip as PNG: one bit a dot, whole dots, with the size that it prints at."""

from __future__ import annotations

import io
from typing import Protocol, cast

from harken._extras import need
from harken.printing.bitmap import Bitmap
from harken.printing.logo import draw_symbol
from harken.printing.rolls import Roll, slip_bitmap
from harken.printing.slip import Slip, rgb
from harken.printing.symbol import DOTS_PER_MM, check_dots

DEFAULT_DOTS = 8


def slip_png(slip: Slip, roll: Roll | None = None, dots: int | None = None) -> bytes:
    """The slip as wide as the roll prints, or without a roll as wide as its symbol.

    Words need the extra `harken[print]`.
    """
    if dots is None:
        dots = roll.module_dots if roll else DEFAULT_DOTS
    symbol = draw_symbol(slip).symbol
    check_dots(symbol, dots)
    width = roll.dots if roll else symbol.side * dots
    return bitmap_png(slip_bitmap(slip, width, dots), slip.ink, slip.background)


def bitmap_png(bitmap: Bitmap, ink: str = "#000000", background: str = "#ffffff") -> bytes:
    """A bitmap as PNG of one bit a pixel, 8 pixels a millimetre; a palette only for colours."""
    png = cast("_Png", need("png", "qr", "drawing a QR"))
    colours = [rgb(background), rgb(ink)]
    is_plain = colours == [(255, 255, 255), (0, 0, 0)]
    writer = png.Writer(
        width=bitmap.width,
        height=bitmap.height,
        greyscale=is_plain,
        bitdepth=1,
        palette=None if is_plain else colours,
        x_pixels_per_unit=DOTS_PER_MM * 1000,
        y_pixels_per_unit=DOTS_PER_MM * 1000,
        unit_is_meter=True,
    )
    rows = bitmap.rows
    if is_plain:
        rows = (bytes(255 - byte for byte in row) for row in rows)
    target = io.BytesIO()
    writer.write_packed(target, rows)
    return target.getvalue()


class _PngWriter(Protocol):
    def write_packed(self, outfile: io.BytesIO, rows: object) -> None: ...


class _Png(Protocol):
    def Writer(  # noqa: N802 - the name that pypng gives it
        self,
        *,
        width: int,
        height: int,
        greyscale: bool,
        bitdepth: int,
        palette: list[tuple[int, int, int]] | None,
        x_pixels_per_unit: int,
        y_pixels_per_unit: int,
        unit_is_meter: bool,
    ) -> _PngWriter: ...

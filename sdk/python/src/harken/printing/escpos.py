"""Bytes for receipt printers that speak ESC/POS: native QR, raster (GS v 0) and columns (ESC *).

A fragment to put into a receipt: it leaves alignment, size and weight as a printer starts with
them, and neither resets the printer nor cuts, unless `cut` is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harken.printing.bitmap import Bitmap, symbol_bitmap
from harken.printing.lettering import fold_signs, missing_letters, refuse_letters, wrap_lines
from harken.printing.logo import Drawn
from harken.printing.rolls import Roll, draw_words, fit_symbol
from harken.printing.slip import Slip
from harken.printing.symbol import LEVELS, QUIET_ZONE, for_printer

BAND_ROWS = 256
"""Rows of one GS v 0; more exceed the buffers of small printers."""
NATIVE_MAX_DOTS = 16
CODE_PAGE = "cp858"
"""Western European with the euro sign; ESC t 19 selects it. ASCII is printed without selecting."""

_ESC, _GS = b"\x1b", b"\x1d"
_RESET = _ESC + b"@"
_FEED_AND_CUT = _GS + b"V\x42\x00"
_LEFT, _CENTRE = _ESC + b"a\x00", _ESC + b"a\x01"
_BOLD, _PLAIN = _ESC + b"E\x01", _ESC + b"E\x00"
_TALL, _NORMAL = _GS + b"!\x01", _GS + b"!\x00"
_SELECT_PAGE, _FIRST_PAGE = _ESC + b"t\x13", _ESC + b"t\x00"
_COLUMN_DOTS = 24


def escpos_native(slip: Slip, roll: Roll, dots: int | None = None, *, cut: bool = False) -> bytes:
    """The printer draws the symbol: smallest and sharpest, where it knows GS ( k.

    White rows above and below are fed, as the printer leaves none. ValueError for a logo.
    """
    if slip.logo is not None:
        raise ValueError("a printer draws a native QR by itself, without a logo; use raster")
    made, dots = fit_symbol(slip, roll, dots)
    if dots > NATIVE_MAX_DOTS:
        raise ValueError(f"a native QR takes at most {NATIVE_MAX_DOTS} dots a module, not {dots}")
    quiet = _feed(QUIET_ZONE * dots)
    symbol = _CENTRE + quiet + native_symbol(made, dots, roll.dots) + quiet + _LEFT
    return _framed(slip, roll, symbol, _raster, cut)


def escpos_raster(
    slip: Slip,
    roll: Roll,
    dots: int | None = None,
    *,
    cut: bool = False,
    band_rows: int = BAND_ROWS,
) -> bytes:
    """The symbol as a picture by GS v 0, centred, in bands of `band_rows` rows (1 to 2303)."""
    if not 1 <= band_rows <= 2303:
        raise ValueError(f"a band has from 1 to 2303 rows, not {band_rows}")

    def pictured(bitmap: Bitmap) -> bytes:
        return _raster(bitmap, band_rows)

    made, dots = fit_symbol(slip, roll, dots)
    return _framed(slip, roll, pictured(symbol_bitmap(made, dots, roll.dots)), pictured, cut)


def escpos_columns(slip: Slip, roll: Roll, dots: int | None = None, *, cut: bool = False) -> bytes:
    """The symbol as strips of 24 dots by ESC *, for old printers without GS v 0."""
    made, dots = fit_symbol(slip, roll, dots)
    symbol = _columns(symbol_bitmap(made, dots, roll.dots))
    return _framed(slip, roll, symbol, _columns, cut)


def native_symbol(made: Drawn, dots: int, paper_dots: int) -> bytes:
    """GS ( k: model 2 (fn 165), module size (167), correction (169), store (180), print (181)."""
    payload = for_printer(made.symbol, dots, paper_dots)[0].encode("ascii")
    return b"".join(
        _GS + b"(k" + len(call).to_bytes(2, "little") + call
        for call in (
            b"1\x41\x32\x00",
            b"1\x43" + bytes([dots]),
            b"1\x45" + bytes([48 + LEVELS.index(made.symbol.level)]),
            b"1\x50\x30" + payload,
            b"1\x51\x30",
        )
    )


def _framed(
    slip: Slip, roll: Roll, symbol: bytes, pictured: Callable[[Bitmap], bytes], cut: bool
) -> bytes:
    if not slip.is_black_on_white:
        raise ValueError("a receipt printer prints black on white; leave the colours out")
    parts = [_RESET] if cut else []
    parts += [*_words(slip, roll, slip.text, "text", pictured), symbol]
    parts += _words(slip, roll, slip.readable, "words", pictured)
    parts += _words(slip, roll, slip.note, "note", pictured)
    return b"".join([*parts, _FEED_AND_CUT] if cut else parts)


def _words(
    slip: Slip, roll: Roll, text: str, part: str, pictured: Callable[[Bitmap], bytes]
) -> Iterator[bytes]:
    """Words in the printer's letters, or as dots when it lacks some and a font was given."""
    if not text:
        return
    plain = fold_signs(text)
    if missing := missing_letters(plain, CODE_PAGE):
        if slip.font is None:
            refuse_letters(missing, "a receipt printer's code page 858")
        yield from map(pictured, draw_words(slip, roll.dots, text, part))
        return
    lines = wrap_lines(plain, len, roll.columns)
    printed = b"".join(line.encode(CODE_PAGE) + b"\n" for line in lines)
    if not plain.isascii():
        printed = _SELECT_PAGE + printed + _FIRST_PAGE
    if part == "text":
        printed = _BOLD + _TALL + printed + _NORMAL + _PLAIN
    yield _CENTRE + printed + _LEFT


def _feed(dots: int) -> bytes:
    """ESC J feeds at most 255 dots at a time."""
    whole, rest = divmod(dots, 255)
    return (_ESC + b"J\xff") * whole + (_ESC + b"J" + bytes([rest]) if rest else b"")


def _raster(bitmap: Bitmap, band_rows: int = BAND_ROWS) -> bytes:
    bands = (bitmap.rows[start : start + band_rows] for start in range(0, bitmap.height, band_rows))
    width = bitmap.row_bytes.to_bytes(2, "little")
    return b"".join(
        _GS + b"v0\x00" + width + len(band).to_bytes(2, "little") + b"".join(band) for band in bands
    )


def _columns(bitmap: Bitmap) -> bytes:
    """ESC * with 24 dots of double density; the line spacing is closed up and given back."""
    rows = list(bitmap.bits())
    rows += ["0" * bitmap.width] * (-len(rows) % _COLUMN_DOTS)
    head = _ESC + b"*\x21" + bitmap.width.to_bytes(2, "little")
    strips = (
        head + _strip(rows[top : top + _COLUMN_DOTS]) + b"\n"
        for top in range(0, len(rows), _COLUMN_DOTS)
    )
    return _ESC + b"3\x10" + b"".join(strips) + _ESC + b"2"


def _strip(rows: list[str]) -> bytes:
    return b"".join(
        int("".join(column), 2).to_bytes(3, "big") for column in zip(*rows, strict=True)
    )

"""Labels for Zebra printers in ZPL II: the symbol by ^BQ, or as a picture by ^GF."""

from __future__ import annotations

from collections.abc import Iterator

from harken.printing.bitmap import Bitmap, symbol_bitmap
from harken.printing.lettering import fold_signs, missing_letters, refuse_letters, wrap_lines
from harken.printing.rolls import Roll, draw_words, fit_symbol
from harken.printing.slip import Slip
from harken.printing.symbol import QUIET_ZONE, for_printer

MAX_MAGNIFICATION = 10
"""Of ^BQ: dots a module."""

_LETTERS = "latin-1"
_HEIGHTS = {"text": 13, "words": 19, "note": 22}
"""The label's width in letter heights."""


def zpl_native(slip: Slip, roll: Roll, dots: int | None = None) -> bytes:
    """The printer draws the symbol (^BQN,2). ValueError for a logo, or above 10 dots a module."""
    if slip.logo is not None:
        raise ValueError("a printer draws ^BQ by itself, without a logo; use zpl-raster")
    made, dots = fit_symbol(slip, roll, dots)
    if dots > MAX_MAGNIFICATION:
        raise ValueError(f"^BQ takes at most {MAX_MAGNIFICATION} dots a module, not {dots}")
    payload, side = for_printer(made.symbol, dots, roll.dots)
    drawn = _drawn_by_printer(payload, made.symbol.level, side, dots, roll)
    return _label(slip, roll, side * dots, dots, drawn)


def zpl_raster(slip: Slip, roll: Roll, dots: int | None = None) -> bytes:
    """The symbol as a picture (^GFA), the same on every printer."""
    made, dots = fit_symbol(slip, roll, dots)
    picture = _picture(symbol_bitmap(made, dots, roll.dots))
    return _label(slip, roll, made.symbol.side * dots, dots, f"^FO0,{{top}}{picture}")


def _drawn_by_printer(payload: str, level: str, side: int, dots: int, roll: Roll) -> str:
    """^FD holds the correction, A for the printer's choice of mode, and the link."""
    left = (roll.dots - (side - 2 * QUIET_ZONE) * dots) // 2
    field = f"{level}A,{_escaped(payload)}"
    return f"^FO{left},{{symbol_top}}^BQN,2,{dots}^FH_^FD{field}^FS"


def _label(slip: Slip, roll: Roll, tall: int, dots: int, symbol: str) -> bytes:
    if not slip.is_black_on_white:
        raise ValueError("a label printer prints black on white; leave the colours out")
    above, top = _words(slip, roll, slip.text, "text", roll.dots // 32)
    placed = symbol.replace("{top}", str(top))
    placed = placed.replace("{symbol_top}", str(top + QUIET_ZONE * dots))
    words, middle = _words(slip, roll, slip.readable, "words", top + tall)
    note, height = _words(slip, roll, slip.note, "note", middle)
    lines = ["^XA", "^CI28", f"^PW{roll.dots}", f"^LL{height + roll.dots // 32}", "^LH0,0"]
    return "\n".join([*lines, *above, placed, *words, *note, "^XZ", ""]).encode("utf-8")


def _words(slip: Slip, roll: Roll, text: str, part: str, top: int) -> tuple[list[str], int]:
    """Fields of the words from `top` on, and where they end."""
    if not text:
        return [], top
    plain = fold_signs(text)
    if missing := missing_letters(plain, _LETTERS):
        if slip.font is None:
            refuse_letters(missing, "a Zebra printer's font 0")
        return _pictured(draw_words(slip, roll.dots, text, part), top)
    height = roll.dots // _HEIGHTS[part]
    lines = wrap_lines(plain, lambda line: len(line) * height * 0.55, roll.dots - height)
    fields = [
        f"^FO0,{top + round(at * height * 1.2)}^A0N,{height},{height}"
        f"^FB{roll.dots},1,0,C^FH_^FD{_escaped(line)}^FS"
        for at, line in enumerate(lines)
    ]
    return fields, top + round(len(lines) * height * 1.2) + height // 4


def _pictured(parts: Iterator[Bitmap], top: int) -> tuple[list[str], int]:
    fields: list[str] = []
    for part in parts:
        fields.append(f"^FO0,{top}{_picture(part)}")
        top += part.height
    return fields, top


def _picture(bitmap: Bitmap) -> str:
    size = bitmap.row_bytes * bitmap.height
    rows = b"".join(bitmap.rows).hex().upper()
    return f"^GFA,{size},{size},{bitmap.row_bytes},{rows}^FS"


def _escaped(text: str) -> str:
    """What ZPL reads as commands, as _ and two hexadecimal digits (^FH_)."""
    return "".join(f"_{ord(each):02X}" if each in "^~_\\" else each for each in text)

"""Draws a link as a bare QR symbol, for a screen; `harken.printing` puts it on paper.

Needs the extra `harken[qr]`. Error correction M or better, a quiet zone of 4 modules (ISO/IEC
18004), black on white.
"""

from __future__ import annotations

from pathlib import Path

from harken.printing.bitmap import symbol_bitmap
from harken.printing.logo import Drawn
from harken.printing.png import bitmap_png
from harken.printing.svg import symbol_svg
from harken.printing.symbol import make_symbol


def write_qr(url: str, path: Path) -> None:
    """Write the symbol to a file; the suffix says which kind: `.svg` or `.png`."""
    suffix = path.suffix.lower()
    if suffix == ".svg":
        path.write_text(qr_svg(url), encoding="utf-8")
    elif suffix == ".png":
        path.write_bytes(qr_png(url))
    else:
        raise ValueError(f"a QR is written as .svg or .png, not as {path.name!r}")


def qr_svg(url: str) -> str:
    """The symbol as a stand-alone SVG of one path; it scales without blur."""
    return symbol_svg(make_symbol(url))


def qr_png(url: str, *, scale: int = 8) -> bytes:
    """The symbol as a black-and-white PNG, `scale` pixels a module (1 to 100)."""
    if not 1 <= scale <= 100:
        raise ValueError(f"scale must be from 1 to 100 pixels a module, not {scale}")
    return bitmap_png(symbol_bitmap(Drawn(make_symbol(url)), scale))

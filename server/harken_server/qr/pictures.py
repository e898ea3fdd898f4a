"""A QR symbol as SVG, as PNG and as text for a terminal, always dark on white with a quiet zone.

Own writers: the SVG is one stroked path and the PNG has one bit a pixel, each several times
smaller and faster than the images of the qrcode library.
"""

from __future__ import annotations

import re
import zlib

from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.qr.matrix import Symbol, make_symbol

QUIET_ZONE = 4
"""Modules of white around the symbol (ISO/IEC 18004:2015 section 6.3.8)."""
DEFAULT_SCALE = 8
MAX_SCALE = 40

_LARGE_SCALE = 8
"""From here on a module's lines are longer than deflate's longest match of 258 bytes: repeating
them as they are is then smaller than "same as above" lines, and level 9 gains nothing (measured).
"""
_SMALL_LEVEL = 9
_LARGE_LEVEL = 6
_RUN = re.compile("1+")
_HALF_BLOCKS = {"00": "█", "01": "▀", "10": "▄", "11": " "}
_COLOURED_BLOCKS = {"00": " ", "01": "▄", "10": "▀", "11": "█"}
_BLACK_ON_WHITE = "\x1b[38;5;16;48;5;231m"
_RESET = "\x1b[0m"


def qr_svg(payload: str, *, scale: int = DEFAULT_SCALE) -> bytes:
    """Draw the QR code of a text as a stand-alone SVG file of about 1 to 2 kB.

    `scale` is the nominal size of a module in pixels, 1 to 40; it scales freely.
    InvalidInputError for a text or scale beyond its limit.
    """
    _check_scale(scale)
    symbol = make_symbol(payload)
    side = symbol.size + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side * scale}" height="{side * scale}"'
        f' viewBox="0 0 {side} {side}" role="img" shape-rendering="crispEdges">'
        f"<title>QR code</title>"
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path stroke="#000" transform="translate({QUIET_ZONE} {QUIET_ZONE}.5)"'
        f' d="{_strokes(symbol)}"/></svg>\n'
    ).encode()


def qr_png(payload: str, *, scale: int = DEFAULT_SCALE) -> bytes:
    """Draw the QR code of a text as a black and white PNG of `scale` (1 to 40) pixels a module.

    InvalidInputError for a text or scale beyond its limit.
    """
    _check_scale(scale)
    symbol = make_symbol(payload)
    side = (symbol.size + 2 * QUIET_ZONE) * scale
    header = side.to_bytes(4, "big") * 2 + bytes((1, 0, 0, 0, 0))
    level = _SMALL_LEVEL if scale < _LARGE_SCALE else _LARGE_LEVEL
    deflate = zlib.compressobj(level, strategy=zlib.Z_FILTERED)
    pixels = deflate.compress(_scan_lines(symbol, scale)) + deflate.flush()
    chunks = (_png_chunk(b"IHDR", header), _png_chunk(b"IDAT", pixels), _png_chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def qr_text(payload: str, *, colours: bool = False) -> str:
    """Draw the QR code of a text in half blocks, two modules a character, for a terminal.

    With `colours` it sets black on white by ANSI sequences and scans on any terminal. Plain text
    draws the white modules, so it scans where letters are light on a dark background.
    """
    symbol = make_symbol(payload)
    margin = "0" * QUIET_ZONE
    blank = "0" * (symbol.size + 2 * QUIET_ZONE)
    rows = [blank] * QUIET_ZONE + [margin + row + margin for row in symbol.rows]
    rows += [blank] * (QUIET_ZONE + 1)
    blocks = _COLOURED_BLOCKS if colours else _HALF_BLOCKS
    start, end = (_BLACK_ON_WHITE, _RESET) if colours else ("", "")
    return "".join(
        start + "".join(blocks[a + b] for a, b in zip(upper, lower, strict=True)) + end + "\n"
        for upper, lower in zip(rows[::2], rows[1::2], strict=False)
    )


def _strokes(symbol: Symbol) -> str:
    """Write each row of dark runs as strokes of width 1, relative to where the last run ended."""
    commands: list[str] = []
    for line, row in enumerate(symbol.rows):
        reached = None
        for run in _RUN.finditer(row):
            start, end = run.span()
            move = f"M{start} {line}" if reached is None else f"m{start - reached} 0"
            commands.append(f"{move}h{end - start}")
            reached = end
    return "".join(commands)


def _scan_lines(symbol: Symbol, scale: int) -> bytes:
    """Give the filtered scan lines, `scale` of them for each row of modules."""
    pixels = (symbol.size + 2 * QUIET_ZONE) * scale
    line_bytes = (pixels + 7) // 8
    white, black, margin = "1" * scale, "0" * scale, "1" * (QUIET_ZONE * scale)
    spare = "0" * (line_bytes * 8 - pixels)

    def lines(bits: str) -> bytes:
        line = b"\x00" + int(bits + spare, 2).to_bytes(line_bytes, "big")
        if scale >= _LARGE_SCALE:
            return line * scale
        return line + (b"\x02" + bytes(line_bytes)) * (scale - 1)

    rows = [
        lines(margin + "".join([black if module == "1" else white for module in row]) + margin)
        for row in symbol.rows
    ]
    quiet = lines("1" * pixels) * QUIET_ZONE
    return quiet + b"".join(rows) + quiet


def _png_chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + checksum


def _check_scale(scale: int) -> None:
    if not 1 <= scale <= MAX_SCALE:
        message = f"the scale of a QR code must be 1 to {MAX_SCALE}, not {scale}"
        problem = Problem(path="$.scale", code="out_of_range", message=message, limit=MAX_SCALE)
        raise InvalidInputError(message, (problem,))

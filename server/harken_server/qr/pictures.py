"""A QR symbol as SVG, as PNG and as text for a terminal, always dark on white with a quiet zone.

Own writers: the SVG is one stroked path and the PNG has one bit a pixel, each several times
smaller and faster than the images of the qrcode library.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from harken_server.kernel.errors import InvalidInputError, Problem

if TYPE_CHECKING:
    from qrcode import QRCode


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

Correction: TypeAlias = Literal["L", "M", "Q", "H"]
"""Share of the symbol that may be lost: about 7, 15, 25 or 30 %."""

MAX_PAYLOAD_BYTES = 512
"""Longest text in UTF-8 bytes: beyond it, phones hardly read what a receipt can print."""

_LEVELS: tuple[Correction, ...] = ("L", "M", "Q", "H")
_LINK = re.compile(rb"(https?://)(.+)", re.IGNORECASE | re.DOTALL)
_DENSE = re.compile(rb"[0-9A-Z $%*+./:-]+")
"""What the alphanumeric mode holds."""
_LIBRARY_LEVELS: dict[Correction, int] = {"L": 1, "M": 0, "Q": 3, "H": 2}


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
        f' d="{stroke_path(symbol)}"/></svg>\n'
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


class Symbol(msgspec.Struct, frozen=True):
    """A QR symbol without its quiet zone."""

    size: int
    """Modules a side: 21 for version 1, 4 more for each further version."""
    version: int
    correction: Correction
    """The level reached, which may be higher than the one asked for."""
    rows: tuple[str, ...]
    """One string a row, "1" for a dark module."""


@lru_cache(maxsize=1024)
def make_symbol(payload: str, correction: Correction = "M") -> Symbol:
    """Encode a text in the smallest symbol, at the highest correction that does not enlarge it.

    Upper-case URLs take the denser alphanumeric mode, but for their scheme: it reads `https://`
    unless that takes a larger symbol. A new symbol of an invitation takes about 3 ms, most of it
    for the mask, so symbols are kept. InvalidInputError when the text is empty or longer than
    `MAX_PAYLOAD_BYTES`.
    """
    fitted = [(parts, _fitted(parts, correction)) for parts in _forms(_checked(payload))]
    parts, code = min(fitted, key=lambda each: each[1].version)
    version, reached = code.version, correction
    for higher in _LEVELS[_LEVELS.index(correction) + 1 :]:
        stronger = _fitted(parts, higher)
        if stronger.version == version:
            code, reached = stronger, higher
    code.make(fit=False)
    rows = tuple("".join("01"[bool(module)] for module in row) for row in code.modules)
    return Symbol(len(rows), version, reached, rows)


def dark_runs(symbol: Symbol) -> Iterator[tuple[int, int, int]]:
    """Runs of dark modules: row, start and length."""
    for line, row in enumerate(symbol.rows):
        for run in _RUN.finditer(row):
            yield line, run.start(), run.end() - run.start()


def stroke_path(symbol: Symbol) -> str:
    """The path of an SVG: strokes of width 1, each row's relative to where its last run ended."""
    commands: list[str] = []
    last = (-1, 0)
    for line, start, length in dark_runs(symbol):
        move = f"m{start - last[1]} 0" if line == last[0] else f"M{start} {line}"
        commands.append(f"{move}h{length}")
        last = (line, start + length)
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


def _checked(payload: str) -> bytes:
    text = payload.encode("utf-8", "replace")
    if 0 < len(text) <= MAX_PAYLOAD_BYTES:
        return text
    message = f"a QR code holds 1 to {MAX_PAYLOAD_BYTES} bytes of text; this text has {len(text)}"
    problem = Problem(path="$.payload", code="length", message=message, limit=MAX_PAYLOAD_BYTES)
    raise InvalidInputError(message, (problem,))


def _forms(text: bytes) -> list[tuple[bytes, ...]]:
    """Ways to write a text, the best first, each in parts of one mode.

    Some scanners do not open `HTTPS://`.
    """
    link = _LINK.fullmatch(text)
    if not link:
        return [(text,)]
    scheme, rest = link[1].lower(), link[2]
    if not _DENSE.fullmatch(rest):
        return [(scheme + rest,)]  # bytes all through: small letters take no more than capitals
    return [(scheme, rest), (text.upper(),)]


def _fitted(parts: tuple[bytes, ...], correction: Correction) -> QRCode[Any]:
    """The parts in the smallest version that holds them; every level holds the longest text."""
    from qrcode import QRCode  # with the first picture, not with the server

    code: QRCode[Any] = QRCode(error_correction=_LIBRARY_LEVELS[correction], border=0)
    for part in parts:
        code.add_data(part, optimize=0)
    code.best_fit()
    return code

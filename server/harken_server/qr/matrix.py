"""A text to the dark and light modules of its QR symbol.

The qrcode library encodes, corrects and draws the fixed patterns. Placing the code words and
choosing among the eight masks, which take it 85 % of its time, are done here on whole grids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Literal, TypeAlias

import msgspec

from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.qr.penalty import penalty

Correction: TypeAlias = Literal["L", "M", "Q", "H"]
"""Share of the symbol that may be lost: about 7, 15, 25 or 30 %."""

MAX_PAYLOAD_BYTES = 512
"""Longest text in UTF-8 bytes: beyond it, phones hardly read what a receipt can print."""

_LEVELS: tuple[Correction, ...] = ("L", "M", "Q", "H")
_LIBRARY_LEVELS: dict[Correction, int] = {"L": 1, "M": 0, "Q": 3, "H": 2}
_MODE_BITS = 4

_Placement: TypeAlias = Callable[[str], tuple[str, ...]]
"""Puts the bits of the code words, with a "0" after them, where they belong in a grid."""


class Symbol(msgspec.Struct, frozen=True):
    """A QR symbol without its quiet zone."""

    size: int
    """Modules a side: 21 for version 1, 4 more for each further version."""
    version: int
    correction: Correction
    """The level reached, which may be higher than the one asked for."""
    mask: int
    rows: tuple[str, ...]
    """One string a row, "1" for a dark module."""


@lru_cache(maxsize=1024)
def make_symbol(payload: str, correction: Correction = "M") -> Symbol:
    """Encode a text in the smallest symbol, at the highest correction that does not enlarge it.

    Upper-case URLs take the denser alphanumeric mode. The mask is the one with the lowest penalty.
    InvalidInputError when the text is empty or longer than `MAX_PAYLOAD_BYTES`.
    """
    text = _checked(payload)
    version, reached = _fit(text, correction)
    level = _LIBRARY_LEVELS[reached]
    bits = _code_bits(text, version, level)
    mask = _best_mask(bits, version)
    size = version * 4 + 17
    grid = _grid(bits, _placements(version)[0]) ^ _frame(version, level, mask)
    lines = format(grid, f"0{size * (size + 1)}b")
    rows = tuple(lines[start : start + size] for start in range(0, len(lines), size + 1))
    return Symbol(size, version, reached, mask, rows)


def _checked(payload: str) -> bytes:
    text = payload.encode("utf-8", "replace")
    if 0 < len(text) <= MAX_PAYLOAD_BYTES:
        return text
    message = f"a QR code holds 1 to {MAX_PAYLOAD_BYTES} bytes of text; this text has {len(text)}"
    problem = Problem(path="$.payload", code="length", message=message, limit=MAX_PAYLOAD_BYTES)
    raise InvalidInputError(message, (problem,))


def _fit(text: bytes, correction: Correction) -> tuple[int, Correction]:
    """Give the smallest version for a level, and the highest level which that version can hold."""
    from qrcode import util

    mode = util.optimal_mode(text)
    limits = util.BIT_LIMIT_TABLE
    level = _LIBRARY_LEVELS[correction]
    content_bits = _content_bits(text, mode)
    for version in range(1, 41):
        needed = _MODE_BITS + util.length_in_bits(mode, version) + content_bits
        if limits[level][version] >= needed:
            held: list[Correction] = [
                name for name in _LEVELS if limits[_LIBRARY_LEVELS[name]][version] >= needed
            ]
            return version, held[-1]
    raise AssertionError(f"{MAX_PAYLOAD_BYTES} bytes fit every correction level")


def _content_bits(text: bytes, mode: int) -> int:
    """Count bits without encoding: three digits take 10, two alphanumerics 11, a byte 8."""
    from qrcode import util

    if mode == util.MODE_NUMBER:
        return len(text) // 3 * 10 + (0, 4, 7)[len(text) % 3]
    if mode == util.MODE_ALPHA_NUM:
        return len(text) // 2 * 11 + len(text) % 2 * 6
    return 8 * len(text)


def _code_bits(text: bytes, version: int, level: int) -> str:
    """Give the data and correction words as bits in the order in which they are placed."""
    from qrcode import util

    words = bytes(util.create_data(version, level, [util.QRData(text)]))
    return format(int.from_bytes(words, "big"), f"0{8 * len(words)}b")


def _best_mask(bits: str, version: int) -> int:
    """Find the mask with the lowest penalty; the first of equal ones."""
    size = version * 4 + 17
    grid, turned = (_grid(bits, placement) for placement in _placements(version))
    costs = [
        penalty(grid ^ frame, turned ^ turned_frame, size)
        for frame, turned_frame in _trial_frames(version)
    ]
    return costs.index(min(costs))


def _grid(bits: str, placement: _Placement) -> int:
    return int("".join(placement(bits + "0")), 2)


@lru_cache(maxsize=64)
def _frame(version: int, level: int, mask: int) -> int:
    """Give the fixed patterns, the format of `level` and `mask`, and the mask over the rest."""
    return _to_grid(_draw(version, level, mask, is_trial=False, fill=0))


@lru_cache(maxsize=16)
def _trial_frames(version: int) -> list[tuple[int, int]]:
    """Give for each mask the frame without format, upright and turned, as masks are compared."""
    drawn = [_draw(version, 0, mask, is_trial=True, fill=0) for mask in range(8)]
    return [(_to_grid(modules), _to_grid(_turn(modules))) for modules in drawn]


@lru_cache(maxsize=16)
def _placements(version: int) -> tuple[_Placement, _Placement]:
    """Give what places the bits of the code words, upright and turned."""
    places = list(_places(version))
    size = version * 4 + 17
    upright = [len(places)] * (size * (size + 1))
    turned = upright.copy()
    for index, (row, column) in enumerate(places):
        upright[row * (size + 1) + column] = index
        turned[column * (size + 1) + row] = index
    return itemgetter(*upright), itemgetter(*turned)


def _places(version: int) -> Iterator[tuple[int, int]]:
    """Walk the modules that hold code words, in zigzag from the lower right corner.

    They are the ones that change when all bits do.
    """
    blank = _draw(version, 0, 0, is_trial=True, fill=0)
    filled = _draw(version, 0, 0, is_trial=True, fill=0xFF)
    size = len(blank)
    for pair, right in enumerate([*range(size - 1, 6, -2), 5, 3, 1]):
        rows = range(size - 1, -1, -1) if pair % 2 == 0 else range(size)
        for row in rows:
            for column in (right, right - 1):
                if blank[row][column] != filled[row][column]:
                    yield row, column


def _draw(version: int, level: int, mask: int, *, is_trial: bool, fill: int) -> list[list[bool]]:
    """Let the library draw a symbol whose code words are all `fill`."""
    from qrcode import QRCode, base

    word_count = sum(block.total_count for block in base.rs_blocks(version, level))
    code = QRCode(version=version, error_correction=level)
    code.data_cache = [fill] * word_count
    code.makeImpl(is_trial, mask)
    return [[bool(module) for module in row] for row in code.modules]


def _turn(modules: list[list[bool]]) -> list[list[bool]]:
    return [list(column) for column in zip(*modules, strict=True)]


def _to_grid(modules: list[list[bool]]) -> int:
    return int("".join("".join("01"[module] for module in row) + "0" for row in modules), 2)

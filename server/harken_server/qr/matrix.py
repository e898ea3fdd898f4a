"""A text to the dark and light modules of its QR symbol, as the qrcode library draws it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from harken_server.kernel.errors import InvalidInputError, Problem

if TYPE_CHECKING:
    from qrcode import QRCode

Correction: TypeAlias = Literal["L", "M", "Q", "H"]
"""Share of the symbol that may be lost: about 7, 15, 25 or 30 %."""

MAX_PAYLOAD_BYTES = 512
"""Longest text in UTF-8 bytes: beyond it, phones hardly read what a receipt can print."""

_LEVELS: tuple[Correction, ...] = ("L", "M", "Q", "H")
_LINK = re.compile(rb"(https?://)(.+)", re.IGNORECASE | re.DOTALL)
_DENSE = re.compile(rb"[0-9A-Z $%*+./:-]+")
"""What the alphanumeric mode holds."""
_LIBRARY_LEVELS: dict[Correction, int] = {"L": 1, "M": 0, "Q": 3, "H": 2}


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

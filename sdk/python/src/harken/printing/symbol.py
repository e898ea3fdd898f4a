"""Makes the QR symbol of a link: its modules, its correction level, and how wide it prints.

Figures are those of ISO/IEC 18004:2015. Needs the extra `harken[qr]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, Protocol, cast
from urllib.parse import urlsplit

import msgspec

from harken._extras import need

Level = Literal["L", "M", "Q", "H"]
LEVELS: tuple[Level, ...] = ("L", "M", "Q", "H")
"""Error correction, weakest first: about 7, 15, 25 and 30 % of the symbol may be lost."""

QUIET_ZONE = 4
"""White modules around the symbol (section 6.3.8)."""
MIN_DOTS = 4
"""Printer dots a module has at least. Measured: at 3, phones fail on 3 to 28 % of symbols."""
MAX_DOTS = 100
DOTS_PER_MM = 8
"""Of a receipt printer with 203 dots an inch."""
MIN_MODULE_MM = MIN_DOTS / DOTS_PER_MM

_TOO_LONG = 41
"""One more than the largest version."""
_CROCKFORD = "0-9a-hjkmnp-tv-z"
_CODE_PATH = re.compile(
    rf"/i/[0-9a-z]+|/r/(?:[{_CROCKFORD}]{{9}}|[{_CROCKFORD}]{{26}}|[{_CROCKFORD}]{{31}})",
    re.IGNORECASE | re.ASCII,
)


_LINK = re.compile(r"(https?://)(.+)", re.IGNORECASE | re.ASCII | re.DOTALL)
_DENSE = re.compile(r"[0-9A-Z $%*+./:-]+")
"""What the alphanumeric mode holds."""


class Symbol(msgspec.Struct, frozen=True):
    """A QR symbol without its quiet zone."""

    payload: str
    """What a reader gets: the link, behind its scheme in capitals where that is the same link."""
    level: Level
    """The error correction it has, at least the one asked for."""
    version: int
    """1 to 40; the symbol has 17 + 4 * version modules a side."""
    modules: tuple[tuple[bool, ...], ...]
    """Row by row; True is dark."""

    @property
    def size(self) -> int:
        """Modules a side."""
        return len(self.modules)

    @property
    def side(self) -> int:
        """Modules a side with the quiet zone."""
        return self.size + 2 * QUIET_ZONE

    def rows(self) -> list[list[bool]]:
        """The modules with the quiet zone around them."""
        blank = [[False] * self.side for _ in range(QUIET_ZONE)]
        edge = [False] * QUIET_ZONE
        return [*blank, *([*edge, *row, *edge] for row in self.modules), *blank]

    def without_centre(self, width: int) -> Symbol:
        """The symbol with a square of `width` modules (odd) in its middle left light."""
        low = (self.size - width) // 2
        hole = range(low, low + width)
        modules = tuple(
            tuple(dark and not (x in hole and y in hole) for x, dark in enumerate(row))
            for y, row in enumerate(self.modules)
        )
        return msgspec.structs.replace(self, modules=modules)


def make_symbol(url: str, level: Level = "M") -> Symbol:
    """The symbol of a link, as small as `level` allows.

    The scheme is written small, since some scanners do not open `HTTPS://`, unless that takes a
    larger symbol. The level is raised as far as the symbol does not grow by it, which costs
    nothing. ValueError when the link is longer than the largest symbol holds.
    """
    module = cast("_QrCode", need("qrcode", "qr", "drawing a QR"))
    forms = _forms(dense_url(url))
    versions = [_version(module, parts, level) for parts in forms]
    version = min(versions)
    if version == _TOO_LONG:
        raise ValueError(
            f"a link of {len(url)} characters is longer than a QR with correction {level} holds"
        )
    parts = forms[versions.index(version)]
    stronger: tuple[Level, ...] = LEVELS[LEVELS.index(level) :]
    raised: list[Level] = [
        each for each in stronger if _version(module, parts, each, version) == version
    ]
    # qrcode fails on a link that fills a whole block with zeros; blocks differ by level and size.
    tries: list[tuple[Level, int]] = [(each, version) for each in reversed(raised)]
    tries.append((level, version + 1))
    for correction, size in tries:
        symbol = _filled(module, parts, correction)
        try:
            symbol.best_fit(start=size)
            symbol.make(fit=False)
        except ValueError:
            continue
        modules = tuple(tuple(map(bool, row)) for row in symbol.get_matrix())
        return Symbol(payload="".join(parts), level=correction, version=size, modules=modules)
    raise ValueError(f"no QR can be made of {url!r}")


def for_printer(symbol: Symbol, dots: int, paper_dots: int) -> tuple[str, int]:
    """What a printer that draws the symbol is given, and the modules a side to keep for it.

    It is the link as pictures have it. Which modes a printer takes is known of none: all in bytes
    the symbol may be larger, and room is kept for that. Where the paper has none, the link is in
    capitals all through, which every printer draws as small as a picture.
    """
    module = cast("_QrCode", need("qrcode", "qr", "drawing a QR"))
    version = max(symbol.version, _version(module, (symbol.payload,), symbol.level))
    side = 17 + 4 * version + 2 * QUIET_ZONE
    _, sign, rest = symbol.payload.partition("://")
    if side * dots <= paper_dots or not (sign and _DENSE.fullmatch(rest)):
        return symbol.payload, side
    return symbol.payload.upper(), symbol.side


def dark_runs(row: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Where each run of dark modules begins, and its length."""
    runs = re.finditer("1+", "".join("1" if dark else "0" for dark in row))
    return ((run.start(), run.end() - run.start()) for run in runs)


def dense_url(url: str) -> str:
    """A Harken code's link in capitals, where a QR needs 5.5 bits a character instead of 8.

    Only what is the same link in capitals is changed: scheme, host and the path `/I/<code>`, or
    `/R/` with a place code (9 characters) or a receipt token (26 or 31). Any other link is left as
    it is, because its path may tell capitals from small letters.
    """
    parts = urlsplit(url)
    is_code = _CODE_PATH.fullmatch(parts.path) and not parts.query and not parts.fragment
    return url.upper() if is_code else url


def width_mm(symbol: Symbol, dots: int) -> float:
    """Printed width with the quiet zone, at 8 dots a millimetre."""
    return symbol.side * dots / DOTS_PER_MM


def check_dots(symbol: Symbol, dots: int, paper_dots: int | None = None) -> None:
    """ValueError naming the limit: modules too small, or the symbol wider than the paper."""
    if not MIN_DOTS <= dots <= MAX_DOTS:
        raise ValueError(
            f"a module takes from {MIN_DOTS} to {MAX_DOTS} dots, not {dots}: "
            f"below {MIN_DOTS} many phones cannot read it"
        )
    wide = symbol.side * dots
    if paper_dots is not None and wide > paper_dots:
        fits = paper_dots // symbol.side
        advice = f"{fits} dots a module fit" if fits >= MIN_DOTS else "use a shorter link"
        raise ValueError(
            f"the symbol of version {symbol.version} with its quiet zone is {wide} dots wide at "
            f"{dots} dots a module; the paper has {paper_dots}: {advice}"
        )


def _forms(payload: str) -> list[tuple[str, ...]]:
    """Ways to write a link, the best first, each in parts of one mode."""
    link = _LINK.fullmatch(payload)
    if not link:
        return [(payload,)]
    scheme, rest = link[1].lower(), link[2]
    if not _DENSE.fullmatch(rest):
        return [(scheme + rest,)]  # bytes all through: small letters take no more than capitals
    return [(scheme, rest), (payload.upper(),)]


def _version(
    module: _QrCode, parts: tuple[str, ...], level: Level, at_least: int | None = None
) -> int:
    symbol = _filled(module, parts, level)
    try:
        return symbol.best_fit(start=at_least)
    except (ValueError, module.exceptions.DataOverflowError):
        return _TOO_LONG


def _filled(module: _QrCode, parts: tuple[str, ...], level: Level) -> _QrSymbol:
    correction = getattr(module, f"ERROR_CORRECT_{level}")
    symbol = module.QRCode(error_correction=correction, border=0, box_size=1)
    for part in parts:
        symbol.add_data(part, optimize=0)
    return symbol


class _QrSymbol(Protocol):
    def add_data(self, data: str, optimize: int) -> None: ...
    def best_fit(self, start: int | None) -> int: ...
    def make(self, fit: bool) -> None: ...
    def get_matrix(self) -> list[list[bool]]: ...


class _QrExceptions(Protocol):
    DataOverflowError: type[Exception]


class _QrCode(Protocol):
    exceptions: _QrExceptions

    def QRCode(  # noqa: N802 - the name that qrcode gives it
        self, *, error_correction: int, border: int, box_size: int
    ) -> _QrSymbol: ...

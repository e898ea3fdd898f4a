"""Puts a logo into the middle of a symbol, if the symbol can still be read with it.

Every size is decoded again by zxing-cpp before it is offered. Needs the extra `harken[logo]`.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Protocol, cast

import msgspec

from harken._extras import need
from harken.printing.slip import Slip
from harken.printing.symbol import Symbol, make_symbol

LARGEST_SHARE = 0.15
"""Of the symbol's area. Measured: with correction H 15 % still decode, 20 % never do."""
MIN_WIDTH = 5
"""Modules; a smaller logo shows nothing."""
MAX_LOGO_BYTES = 5_000_000
MAX_LOGO_PIXELS = 25_000_000

_PURPOSE = "a logo"
_PIXELS = 8
"""A module's pixels in the picture that is decoded, and in the logo that is embedded."""


class Logo(msgspec.Struct, frozen=True):
    """A logo that fits: the square of `width` modules in the middle is left light for it."""

    png: bytes
    """A square PNG with a margin of half a module, on the background's colour."""
    width: int
    """Modules a side, odd."""


class Drawn(msgspec.Struct, frozen=True):
    """A symbol ready to be drawn: modules first, then the logo over its light middle."""

    symbol: Symbol
    logo: Logo | None = None


@lru_cache(maxsize=64)
def draw_symbol(slip: Slip) -> Drawn:
    """The slip's symbol with its logo; ValueError when no size of the logo can be read."""
    if slip.logo is None:
        return Drawn(make_symbol(slip.url, slip.level))
    zxing = cast("_Zxing", need("zxingcpp", "logo", f"{_PURPOSE}, decoded again to be sure,"))
    picture = _opened(slip.logo)
    symbol = make_symbol(slip.url, "H")
    widest = int(symbol.size * LARGEST_SHARE**0.5)
    for width in range(widest - (widest + 1) % 2, MIN_WIDTH - 1, -2):
        placed = Drawn(
            symbol.without_centre(width), Logo(_squared(picture, width, slip.background), width)
        )
        if _is_readable(zxing, placed):
            return placed
    raise ValueError("the symbol cannot be read with this logo in any size; use a simpler one")


def _opened(logo: bytes) -> _Picture:
    images = _images()
    if len(logo) > MAX_LOGO_BYTES:
        raise ValueError(f"the logo has {len(logo)} bytes; at most {MAX_LOGO_BYTES} are taken")
    try:
        picture = images.open(io.BytesIO(logo), formats=("PNG", "JPEG"))
        if picture.width * picture.height > MAX_LOGO_PIXELS:
            raise ValueError(f"the logo has more than {MAX_LOGO_PIXELS} pixels")
        return picture.convert("RGBA")
    except (OSError, SyntaxError) as error:
        raise ValueError("the logo is not a PNG or JPEG that can be read") from error


def _squared(picture: _Picture, width: int, background: str) -> bytes:
    """The logo as large as fits into `width` modules less a margin of half a module."""
    images = _images()
    side = width * _PIXELS
    square = images.new("RGB", (side, side), background)
    space = side - _PIXELS
    scale = space / max(picture.size)
    fitted = picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))),
        images.Resampling.LANCZOS,
    )
    corner = ((side - fitted.width) // 2, (side - fitted.height) // 2)
    square.paste(fitted, corner, fitted)
    target = io.BytesIO()
    square.save(target, "PNG")
    return target.getvalue()


def _is_readable(zxing: _Zxing, placed: Drawn) -> bool:
    """Whether it decodes clean, in two colours as printers do it, and out of focus."""
    filters = cast("_Filters", need("PIL.ImageFilter", "logo", _PURPOSE))
    clean = paint_symbol(placed, _PIXELS)
    blurred = clean.filter(filters.GaussianBlur(_PIXELS * 0.4))
    pictures = (clean, clean.convert("1").convert("L"), blurred)
    for picture in pictures:
        found = zxing.read_barcodes(picture)
        if [each.text for each in found] != [placed.symbol.payload]:
            return False
    return True


def paint_symbol(placed: Drawn, dots: int) -> _Picture:
    """The symbol with its quiet zone and logo in grey, `dots` pixels a module."""
    images = _images()
    rows = placed.symbol.rows()
    grey = bytes(0 if dark else 255 for row in rows for dark in row)
    plain = images.frombytes("L", (len(rows), len(rows)), grey)
    side = len(rows) * dots
    picture = plain.resize((side, side), images.Resampling.NEAREST)
    if placed.logo:
        wide = placed.logo.width * dots
        logo = images.open(io.BytesIO(placed.logo.png)).convert("L")
        corner = (side - wide) // 2
        picture.paste(logo.resize((wide, wide), images.Resampling.LANCZOS), (corner, corner))
    return picture


class _Picture(Protocol):
    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    def convert(self, mode: str) -> _Picture: ...
    def resize(self, size: tuple[int, int], resample: int) -> _Picture: ...
    def paste(self, im: _Picture, box: tuple[int, int], mask: _Picture | None = None) -> None: ...
    def filter(self, filter: object) -> _Picture: ...
    def save(self, fp: io.BytesIO, format: str) -> None: ...
    def tobytes(self) -> bytes: ...


class _Resampling(Protocol):
    NEAREST: int
    LANCZOS: int


class _Images(Protocol):
    Resampling: _Resampling

    def open(self, fp: io.BytesIO, formats: tuple[str, ...] | None = None) -> _Picture: ...
    def new(self, mode: str, size: tuple[int, int], color: str) -> _Picture: ...
    def frombytes(self, mode: str, size: tuple[int, int], data: bytes) -> _Picture: ...


class _Filters(Protocol):
    def GaussianBlur(self, radius: float) -> object: ...  # noqa: N802 - Pillow's name


def _images() -> _Images:
    return cast("_Images", need("PIL.Image", "logo", _PURPOSE))


class _Barcode(Protocol):
    text: str


class _Zxing(Protocol):
    def read_barcodes(self, image: _Picture) -> list[_Barcode]: ...

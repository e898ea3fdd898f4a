"""Draws a link as a QR symbol on this machine; needs the extra `harken[qr]`.

Error correction M, a quiet zone of 4 modules (ISO/IEC 18004), black on white.
"""

from __future__ import annotations

import io
import re
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import urlsplit

from harken._errors import MissingExtraError

QUIET_ZONE = 4

_CODE_PATH = re.compile(r"/i/[0-9a-z]+", re.IGNORECASE)


def write_qr(url: str, path: Path, *, scale: int = 8) -> None:
    """Write the symbol to a file; the suffix says which kind: `.svg` or `.png`."""
    suffix = path.suffix.lower()
    if suffix == ".svg":
        path.write_text(qr_svg(url), encoding="utf-8")
    elif suffix == ".png":
        path.write_bytes(qr_png(url, scale=scale))
    else:
        raise ValueError(f"a QR is written as .svg or .png, not as {path.name!r}")


def qr_svg(url: str) -> str:
    """The symbol as a stand-alone SVG of one path; it scales without blur."""
    rows = qr_rows(url)
    size = len(rows)
    dark = "".join(_row_path(y, row) for y, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'width="{size * 8}" height="{size * 8}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path stroke="#000" d="{dark}"/></svg>\n'
    )


def qr_png(url: str, *, scale: int = 8) -> bytes:
    """The symbol as a black-and-white PNG, `scale` pixels a module (1 to 100)."""
    if not 1 <= scale <= 100:
        raise ValueError(f"scale must be from 1 to 100 pixels a module, not {scale}")
    rows = [
        [0 if dark else 1 for dark in row for _ in range(scale)]
        for row in qr_rows(url)
        for _ in range(scale)
    ]
    png = cast("_Png", _extra("png"))
    target = io.BytesIO()
    png.Writer(width=len(rows), height=len(rows), greyscale=True, bitdepth=1).write(target, rows)
    return target.getvalue()


def qr_rows(url: str) -> list[list[bool]]:
    """The symbol's modules row by row, quiet zone included; True is dark."""
    module = cast("_QrCode", _extra("qrcode"))
    symbol = module.QRCode(error_correction=module.ERROR_CORRECT_M, border=QUIET_ZONE, box_size=1)
    symbol.add_data(dense_url(url), optimize=0)
    symbol.make(fit=True)
    return symbol.get_matrix()


def dense_url(url: str) -> str:
    """An invitation's link in capitals, where a QR needs 5.5 bits a character instead of 8.

    Only what is the same link in capitals is changed: scheme, host and the path `/I/<code>`. Any
    other link is left as it is, because its path may tell capitals from small letters.
    """
    parts = urlsplit(url)
    is_invitation = _CODE_PATH.fullmatch(parts.path) and not parts.query and not parts.fragment
    return url.upper() if is_invitation else url


def _row_path(y: int, row: list[bool]) -> str:
    runs = re.finditer("1+", "".join("1" if dark else "0" for dark in row))
    return "".join(f"M{run.start()} {y}.5h{run.end() - run.start()}" for run in runs)


def _extra(name: str) -> object:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtraError(
            f"drawing a QR needs {name!r}, which is not installed: pip install 'harken[qr]'"
        ) from error


class _QrSymbol(Protocol):
    def add_data(self, data: str, optimize: int) -> None: ...
    def make(self, fit: bool) -> None: ...
    def get_matrix(self) -> list[list[bool]]: ...


class _QrCode(Protocol):
    ERROR_CORRECT_M: int

    def QRCode(  # noqa: N802 - the name that qrcode gives it
        self, *, error_correction: int, border: int, box_size: int
    ) -> _QrSymbol: ...


class _PngWriter(Protocol):
    def write(self, outfile: io.BytesIO, rows: list[list[int]]) -> None: ...


class _Png(Protocol):
    def Writer(  # noqa: N802 - the name that pypng gives it
        self, *, width: int, height: int, greyscale: bool, bitdepth: int
    ) -> _PngWriter: ...

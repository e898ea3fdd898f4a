"""Pages of PDF with millimetres, embedded letters and symbols as outlines; needs `harken[print]`.

Coordinates start at the top left. The same slips always give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast
from unicodedata import normalize

import msgspec

from harken._extras import need
from harken.printing.lettering import check_letters, font_files, longest_word, wrap_lines
from harken.printing.logo import Drawn
from harken.printing.slip import Slip, rgb
from harken.printing.symbol import MIN_MODULE_MM, QUIET_ZONE, dark_runs

LINE = 1.28
"""Line spacing in letter heights."""

_MM = 72 / 25.4
_PURPOSE = "writing PDF"
_ASCENT = 0.94


class Box(msgspec.Struct, frozen=True):
    """A rectangle on the page, in millimetres from its top left corner."""

    x: float
    y: float
    width: float
    height: float

    def inset(self, margin: float) -> Box:
        """The rectangle within a margin."""
        return Box(
            self.x + margin, self.y + margin, self.width - 2 * margin, self.height - 2 * margin
        )


class Block(msgspec.Struct, frozen=True):
    """Lines of text at one size, ready to be placed."""

    lines: tuple[str, ...]
    size: float
    """Letter height in millimetres."""
    is_bold: bool = False

    @property
    def height(self) -> float:
        """Millimetres from the top of the first line to the bottom of the last."""
        return len(self.lines) * self.size * LINE


class Pdf:
    """A PDF under way; its pages may differ in size."""

    def __init__(self, title: str) -> None:
        module = cast("_CanvasModule", need("reportlab.pdfgen.canvas", "print", _PURPOSE))
        self._target = io.BytesIO()
        self._canvas = module.Canvas(self._target, invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setCreator("Harken")
        self._canvas.setAuthor("")
        self._canvas.setSubject("")
        self._height = 0.0
        self._fonts: dict[Path, str] = {}

    def open_page(self, width: float, height: float, trim: Box | None = None) -> None:
        """Begin a page of this size; `trim` is where it is cut, when that is not its edge."""
        self._height = height
        self._canvas.setPageSize((width * _MM, height * _MM))
        if trim is not None:
            left, bottom = trim.x * _MM, (height - trim.y - trim.height) * _MM
            self._canvas.setTrimBox(
                (left, bottom, left + trim.width * _MM, bottom + trim.height * _MM)
            )

    def close_page(self) -> None:
        """End the page."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The whole file."""
        self._canvas.save()
        return self._target.getvalue()

    def fill(self, box: Box, colour: str) -> None:
        """A rectangle without an outline."""
        self._canvas.setFillColorRGB(*_parts(colour))
        self._canvas.rect(
            box.x * _MM,
            (self._height - box.y - box.height) * _MM,
            box.width * _MM,
            box.height * _MM,
            stroke=0,
            fill=1,
        )

    def line(self, start: tuple[float, float], end: tuple[float, float], *, dashed: bool) -> None:
        """A hairline of a quarter point: crop marks and folds."""
        self._canvas.setLineWidth(0.25)
        self._canvas.setDash([2, 2] if dashed else [])
        self._canvas.setStrokeColorRGB(*((0.6, 0.6, 0.6) if dashed else (0.0, 0.0, 0.0)))
        (x1, y1), (x2, y2) = start, end
        self._canvas.line(x1 * _MM, (self._height - y1) * _MM, x2 * _MM, (self._height - y2) * _MM)

    def upside_down(self, box: Box, draw: Callable[[], None]) -> None:
        """Draw with the page turned by 180° about the middle of a rectangle."""
        middle = (box.x + box.width / 2) * _MM
        height = (self._height - box.y - box.height / 2) * _MM
        self._canvas.saveState()
        self._canvas.translate(2 * middle, 2 * height)
        self._canvas.rotate(180)
        draw()
        self._canvas.restoreState()

    def block(
        self,
        slip: Slip,
        text: str,
        *,
        width: float,
        largest: float,
        smallest: float,
        lines: int,
        bold: bool = False,
    ) -> Block:
        """Text in the largest letters (mm) that keep to the lines and cut no word, or the least."""
        if not text:
            return Block((), 0.0)
        shown = normalize("NFC", text)
        name = self._font(slip, bold, shown)
        size = largest
        while True:
            measure = self._measure(name, size)
            made = wrap_lines(shown, measure, width)
            is_whole = len(made) <= lines and longest_word(shown, measure) <= width
            if is_whole or size <= smallest:
                return Block(tuple(made), size, bold)
            size = max(smallest, size * 0.94)

    def write(
        self, slip: Slip, block: Block, box: Box, colour: str, *, centred: bool = True
    ) -> float:
        """Put lines at the top of a rectangle; returns where they end (mm from the top)."""
        if not block.lines:
            return box.y
        name = self._font(slip, block.is_bold, " ".join(block.lines))
        self._canvas.setFillColorRGB(*_parts(colour))
        self._canvas.setFont(name, block.size * _MM)
        put = self._canvas.drawCentredString if centred else self._canvas.drawString
        x = box.x + (box.width / 2 if centred else 0)
        for at, line in enumerate(block.lines):
            y = box.y + block.size * (at * LINE + _ASCENT)
            put(x * _MM, (self._height - y) * _MM, line)
        return box.y + block.height

    def symbol(self, made: Drawn, x: float, y: float, module: float, colours: Slip) -> None:
        """The symbol with its quiet zone at `module` mm; ValueError below half a millimetre."""
        if module < MIN_MODULE_MM - 1e-9:
            raise ValueError(
                f"there is room for modules of {module:.2f} mm only; at least {MIN_MODULE_MM} mm "
                f"(4 dots of a printer) are needed: use a larger format or a shorter link "
                f"(this one has {made.symbol.side} modules a side)"
            )
        side = made.symbol.side * module
        self.fill(Box(x, y, side, side), colours.background)
        self._canvas.setFillColorRGB(*_parts(colours.ink))
        path = self._canvas.beginPath()
        for at, row in enumerate(made.symbol.rows()):
            bottom = (self._height - y - (at + 1) * module) * _MM
            for start, length in dark_runs(row):
                path.rect((x + start * module) * _MM, bottom, length * module * _MM, module * _MM)
        self._canvas.drawPath(path, stroke=0, fill=1)
        self._logo(made, x, y, module)

    def _logo(self, made: Drawn, x: float, y: float, module: float) -> None:
        if made.logo is None:
            return
        images = cast("_ImageReaders", need("reportlab.lib.utils", "print", _PURPOSE))
        wide = made.logo.width * module
        inset = (QUIET_ZONE + (made.symbol.size - made.logo.width) / 2) * module
        self._canvas.drawImage(
            images.ImageReader(io.BytesIO(made.logo.png)),
            (x + inset) * _MM,
            (self._height - y - inset - wide) * _MM,
            wide * _MM,
            wide * _MM,
        )

    def _font(self, slip: Slip, bold: bool, text: str) -> str:
        file = font_files(slip.font)[bold]
        check_letters(text, file)
        if file not in self._fonts:
            fonts = cast("_Fonts", need("reportlab.pdfbase.ttfonts", "print", _PURPOSE))
            register = cast("_Register", need("reportlab.pdfbase.pdfmetrics", "print", _PURPOSE))
            self._fonts[file] = f"{file.stem}-{len(self._fonts)}"
            register.registerFont(fonts.TTFont(self._fonts[file], str(file)))
        return self._fonts[file]

    def _measure(self, name: str, size: float) -> Callable[[str], float]:
        return lambda text: self._canvas.stringWidth(text, name, size * _MM) / _MM


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = rgb(colour)
    return red / 255, green / 255, blue / 255


class _Path(Protocol):
    def rect(self, x: float, y: float, width: float, height: float) -> None: ...


class _Canvas(Protocol):
    def setTitle(self, title: str) -> None: ...  # noqa: N802 - reportlab's names, from here on
    def setCreator(self, creator: str) -> None: ...  # noqa: N802
    def setAuthor(self, author: str) -> None: ...  # noqa: N802
    def setSubject(self, subject: str) -> None: ...  # noqa: N802
    def setPageSize(self, size: tuple[float, float]) -> None: ...  # noqa: N802
    def setTrimBox(self, size: tuple[float, float, float, float]) -> None: ...  # noqa: N802
    def showPage(self) -> None: ...  # noqa: N802
    def save(self) -> None: ...
    def saveState(self) -> None: ...  # noqa: N802
    def restoreState(self) -> None: ...  # noqa: N802
    def translate(self, dx: float, dy: float) -> None: ...
    def rotate(self, theta: float) -> None: ...
    def setFillColorRGB(self, r: float, g: float, b: float) -> None: ...  # noqa: N802
    def setStrokeColorRGB(self, r: float, g: float, b: float) -> None: ...  # noqa: N802
    def setLineWidth(self, width: float) -> None: ...  # noqa: N802
    def setDash(self, array: list[int]) -> None: ...  # noqa: N802
    def line(self, x1: float, y1: float, x2: float, y2: float) -> None: ...
    def rect(
        self, x: float, y: float, width: float, height: float, *, stroke: int, fill: int
    ) -> None: ...
    def beginPath(self) -> _Path: ...  # noqa: N802
    def drawPath(self, path: _Path, *, stroke: int, fill: int) -> None: ...  # noqa: N802
    def setFont(self, name: str, size: float) -> None: ...  # noqa: N802
    def stringWidth(self, text: str, name: str, size: float) -> float: ...  # noqa: N802
    def drawString(self, x: float, y: float, text: str) -> None: ...  # noqa: N802
    def drawCentredString(self, x: float, y: float, text: str) -> None: ...  # noqa: N802
    def drawImage(  # noqa: N802
        self, image: object, x: float, y: float, width: float, height: float
    ) -> object: ...


class _CanvasModule(Protocol):
    def Canvas(  # noqa: N802
        self,
        filename: io.BytesIO,
        *,
        invariant: int,
        pageCompression: int,  # noqa: N803
    ) -> _Canvas: ...


class _Fonts(Protocol):
    def TTFont(self, name: str, filename: str) -> object: ...  # noqa: N802


class _Register(Protocol):
    def registerFont(self, font: object) -> None: ...  # noqa: N802


class _ImageReaders(Protocol):
    def ImageReader(self, file: io.BytesIO) -> object: ...  # noqa: N802

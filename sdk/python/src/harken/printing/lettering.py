"""Sets words: which characters a medium has, where lines break, and letters as dots."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Protocol, cast

from harken._extras import need, need_folder
from harken.printing.bitmap import Bitmap, from_bits

MEASURE = Callable[[str], float]

_PURPOSE = "setting words into a picture"
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u201a", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
        "\u2026": "...",
    }
)
_BREAKS_AFTER = "/.-?&=_"
_SHAPED = ((0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x17FF))
"""Scripts whose letters change with their neighbours: Indic, Tibetan, Myanmar, Khmer."""


def fold_signs(text: str) -> str:
    """The text with typographic dashes, quotes and spaces as the ones of ASCII."""
    return unicodedata.normalize("NFC", text).translate(_FOLDED)


def missing_letters(text: str, codec: str) -> list[str]:
    """The characters that a code page does not have, each once."""
    return [each for each in dict.fromkeys(text) if not each.encode(codec, "ignore")]


def wrap_lines(text: str, measure: MEASURE, width: float) -> list[str]:
    """The fewest lines no wider than `width` by `measure`, of about the same length.

    A word that is too long is cut, after / or . if it can be.
    """
    widest = _greedy(text, measure, width)
    least = longest_word(text, measure)
    # Tries from half the width on: the first that needs no more lines has them most even.
    widths = (width * part / 20 for part in range(10, 20))
    narrower = (_greedy(text, measure, each) for each in widths if each >= least or least > width)
    return next((lines for lines in narrower if len(lines) == len(widest)), widest)


def longest_word(text: str, measure: MEASURE) -> float:
    """The width of the widest word."""
    return max(map(measure, text.split()), default=0.0)


def font_files(font: Path | None) -> tuple[Path, Path]:
    """The TrueType files for words and for bold words: the given one, or Bitstream Vera."""
    if font is not None:
        return font, font
    folder = Path(need_folder("reportlab", "print", _PURPOSE)) / "fonts"
    return folder / "Vera.ttf", folder / "VeraBd.ttf"


def check_letters(text: str, file: Path) -> None:
    """ValueError naming the characters that the font lacks or that cannot be set."""
    joining = [each for each in dict.fromkeys(text) if _needs_shaping(each)]
    if joining:
        raise ValueError(
            f"{_listed(joining)} belong to a script that is joined or runs right to left, which is "
            "set in SVG only"
        )
    missing = [
        each for each in dict.fromkeys(text) if not each.isspace() and ord(each) not in _has(file)
    ]
    if missing:
        raise ValueError(
            f"the letters of {file.name} lack {_listed(missing)}; "
            "name a TrueType file that has them as font"
        )


def refuse_letters(missing: list[str], medium: str) -> None:
    """ValueError naming the characters that a printer's own letters lack."""
    raise ValueError(
        f"{medium} has no {_listed(missing)} among its letters; name a TrueType file as font, "
        "and the words are drawn as dots"
    )


def text_bitmap(text: str, *, width: int, height: int, file: Path) -> Bitmap:
    """Words as dots, centred in `width`, in letters of `height` dots; as many lines as it takes."""
    check_letters(text, file)
    fonts = cast("_Fonts", need("PIL.ImageFont", "print", _PURPOSE))
    font = fonts.truetype(str(file), height)
    lines = wrap_lines(text, font.getlength, width)
    return from_bits((row for line in lines for row in _line_rows(line, font, height)), width)


def _line_rows(line: str, font: _Font, height: int) -> Iterator[str]:
    images = cast("_Images", need("PIL.Image", "print", _PURPOSE))
    drawing = cast("_Drawing", need("PIL.ImageDraw", "print", _PURPOSE))
    left, _, right, _ = font.getbbox(line)
    wide, tall = max(1, int(right - left)), round(height * 1.3)
    picture = images.new("1", (wide, tall))
    drawing.Draw(picture).text((-left, round(height * 0.02)), line, fill=1, font=font)
    packed, size = picture.tobytes(), (wide + 7) // 8
    for top in range(tall):
        row = int.from_bytes(packed[top * size : (top + 1) * size], "big")
        yield f"{row:0{size * 8}b}"[:wide]


def _greedy(text: str, measure: MEASURE, width: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if measure(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *cut, line = _cut(word, measure, width)
        lines += cut
    return [*lines, line] if line else lines


def _cut(word: str, measure: MEASURE, width: float) -> list[str]:
    parts: list[str] = []
    while measure(word) > width and len(word) > 1:
        end = next(n for n in range(len(word) - 1, 0, -1) if measure(word[:n]) <= width or n == 1)
        # An address is cut behind one of its signs, unless that leaves less than a third.
        nicer = max(word[:end].rfind(each) for each in _BREAKS_AFTER) + 1
        end = nicer if nicer > end // 3 else end
        parts.append(word[:end])
        word = word[end:]
    return [*parts, word]


def _needs_shaping(letter: str) -> bool:
    """Whether the letter is drawn otherwise beside others, or from right to left."""
    return unicodedata.bidirectional(letter) in ("R", "AL") or any(
        low <= ord(letter) <= high for low, high in _SHAPED
    )


def _listed(letters: list[str]) -> str:
    shown = ", ".join(f"{each!r} (U+{ord(each):04X})" for each in letters[:5])
    return shown + (f" and {len(letters) - 5} more" if len(letters) > 5 else "")


@lru_cache(maxsize=16)
def _has(file: Path) -> frozenset[int]:
    """The code points that a TrueType file has a glyph for."""
    fonts = cast("_PdfFonts", need("reportlab.pdfbase.ttfonts", "print", _PURPOSE))
    try:
        return frozenset(fonts.TTFontFile(str(file)).charToGlyph)
    except fonts.TTFError as error:
        raise ValueError(f"{file.name} is not a TrueType font that can be used: {error}") from error


class _PdfFontFile(Protocol):
    charToGlyph: dict[int, int]  # noqa: N815 - the name that reportlab gives it


class _PdfFonts(Protocol):
    TTFError: type[Exception]

    def TTFontFile(self, file: str) -> _PdfFontFile: ...  # noqa: N802 - reportlab's name


class _Font(Protocol):
    def getlength(self, text: str) -> float: ...
    def getbbox(self, text: str) -> tuple[float, float, float, float]: ...


class _Picture(Protocol):
    def tobytes(self) -> bytes: ...


class _Fonts(Protocol):
    def truetype(self, font: str, size: float) -> _Font: ...


class _Images(Protocol):
    def new(self, mode: str, size: tuple[int, int]) -> _Picture: ...


class _Pen(Protocol):
    def text(self, xy: tuple[float, float], text: str, *, fill: int, font: _Font) -> None: ...


class _Drawing(Protocol):
    def Draw(self, im: _Picture) -> _Pen: ...  # noqa: N802 - Pillow's name

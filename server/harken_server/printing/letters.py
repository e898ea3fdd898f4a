"""How wide words are, where their lines break, and which letters a PDF of ours has.

A PDF names Helvetica, which every reader has, with the letters of Windows-1252; the widths are
those of its font metrics (Adobe, "Font Metrics for PDF Core 14 Fonts", 1997). Other letters are
set by the browser, whose page has them all.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

CODEC = "cp1252"
_FIRST = 32
_PLAIN = """
278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556
556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833
722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556
556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334
260 334 584 761 556 0 222 556 333 1000 556 556 333 1000 667 333 1000 0 611 0 0 222 222 333 333
350 556 1000 333 1000 500 333 944 0 500 667 278 333 556 556 556 556 260 556 333 737 370 556
584 333 737 333 400 584 333 333 333 556 537 278 333 333 365 556 834 834 834 611 667 667 667
667 667 667 1000 722 667 667 667 667 278 278 278 278 722 722 778 778 778 778 778 584 778 722
722 722 722 667 667 611 556 556 556 556 556 556 889 500 556 556 556 556 278 278 278 278 556
556 556 556 556 556 556 584 611 556 556 556 556 500 556 500
"""
_BOLD = """
278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556
556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833
722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611
556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389
280 389 584 761 556 0 278 556 500 1000 556 556 333 1000 667 333 1000 0 611 0 0 278 278 500 500
350 556 1000 333 1000 556 333 944 0 500 667 278 333 556 556 556 556 280 556 333 737 370 556
584 333 737 333 400 584 333 333 333 611 556 278 333 333 365 556 834 834 834 611 722 722 722
722 722 722 1000 722 667 667 667 667 278 278 278 278 722 722 778 778 778 778 778 584 778 722
722 722 722 667 667 611 556 556 556 556 556 556 889 556 556 556 556 556 278 278 278 278 611
611 611 611 611 611 611 584 611 611 611 611 611 556 611 556
"""
_WIDTHS = tuple(tuple(map(int, text.split())) for text in (_PLAIN, _BOLD))
"""Of the codes 32 to 255, in thousandths of the size: plain and bold."""
_OTHER_WIDTH = 1000
"""Of letters that Helvetica lacks: as wide as the widest scripts, so that nothing runs over."""
_STEP = 0.94
_BLANKS = re.compile(r"[^\S\u00a0]+")
"""Where lines may break: not at a no-break space."""
ELLIPSIS = "…"


class Block(NamedTuple):
    """Words broken into lines that fit."""

    lines: tuple[str, ...]
    size: float
    """Height of the letters, in the unit of the width."""

    @property
    def height(self) -> float:
        """Of all lines."""
        return len(self.lines) * self.size * LINE


LINE = 1.2
"""Height of a line, in sizes of its letters."""


def missing_letters(text: str) -> list[str]:
    """The characters that a PDF of ours cannot show, each once.

    >>> missing_letters("Café Łódź"), missing_letters("Bergen 2")
    (['Ł', 'ź'], [])
    """
    return [each for each in dict.fromkeys(composed(text)) if not each.encode(CODEC, "ignore")]


def composed(text: str) -> str:
    """The text with letters and their marks as one character each, where there is one."""
    return unicodedata.normalize("NFC", text)


def width_of(text: str, *, bold: bool = False) -> float:
    """How wide a line is, in sizes of its letters."""
    widths = _WIDTHS[bold]
    total = 0
    for each in text:
        code = each.encode(CODEC, "ignore")
        total += widths[code[0] - _FIRST] if code and code[0] >= _FIRST else _OTHER_WIDTH
    return total / 1000


def fit(
    text: str, *, width: float, largest: float, smallest: float, lines: int, bold: bool = False
) -> Block:
    """The words as large as fits into so many lines; at the smallest size, cut with an ellipsis."""
    words = [word for word in _BLANKS.split(composed(text)) if word]
    if not words:
        return Block((), largest)
    size = largest
    while True:
        broken = _break(words, width / size, bold)
        if len(broken) <= lines:
            return Block(tuple(broken), size)
        if size <= smallest:
            return Block((*broken[: lines - 1], _cut(broken[lines - 1], width / size, bold)), size)
        size = max(smallest, size * _STEP)


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    for each in text:
        match unicodedata.bidirectional(each):
            case "R" | "AL":
                return True
            case "L":
                return False
            case _:
                continue
    return False


def _break(words: list[str], width: float, bold: bool) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in words:
        for part in _parts(word, width, bold):
            longer = f"{line} {part}" if line else part
            if line and width_of(longer, bold=bold) > width:
                lines.append(line)
                longer = part
            line = longer
    return [*lines, line]


def _parts(word: str, width: float, bold: bool) -> list[str]:
    """The word in pieces that fit a line."""
    parts = [""]
    for each in word:
        if parts[-1] and width_of(parts[-1] + each, bold=bold) > width:
            parts.append("")
        parts[-1] += each
    return parts


def _cut(line: str, width: float, bold: bool) -> str:
    while line and width_of(line + ELLIPSIS, bold=bold) > width:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS

"""QR symbols in the server's own SVG, drawn by what its paths say, for a reader of pictures."""

from __future__ import annotations

import re

from PIL import Image, ImageDraw

_STEP = re.compile(r"([Mm])(-?\d+) (\d+)h(\d+)")


def draw_symbol(svg: bytes | str, scale: int = 6) -> Image.Image:
    """The one symbol of a file."""
    (found,) = draw_symbols(svg, scale)
    return found


def draw_symbols(svg: bytes | str, scale: int = 6) -> list[Image.Image]:
    """Every symbol of a file or page, each with the quiet zone that its place leaves."""
    text = svg if isinstance(svg, str) else svg.decode()
    found = re.findall(
        r'viewBox="0 0 (\d+) \1".*?<path[^>]*transform="translate[^>]* d="([^"]*)"', text, re.DOTALL
    )
    return [_drawn(int(side), path, scale) for side, path in found]


def _drawn(side: int, path: str, scale: int) -> Image.Image:
    image = Image.new("L", (side * scale, side * scale), 255)
    pen = ImageDraw.Draw(image)
    x = y = 0
    for command, first, second, length in _STEP.findall(path):
        if command == "M":
            x, y = int(first), int(second)
        else:
            x += int(first)
        left, top = (x + 4) * scale, (y + 4) * scale
        pen.rectangle((left, top, left + int(length) * scale - 1, top + scale - 1), fill=0)
        x += int(length)
    return image

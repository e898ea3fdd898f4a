"""QR symbols as pixels, for a reader of pictures."""

from __future__ import annotations

import re

from PIL import Image, ImageDraw


def drawn(svg: str, scale: int = 4) -> Image.Image:
    """The SVG's one path of horizontal runs, painted."""
    size = int(svg.partition('viewBox="0 0 ')[2].split()[0])
    image = Image.new("L", (size * scale, size * scale), 255)
    pen = ImageDraw.Draw(image)
    for x, y, width in re.findall(r"M(\d+) (\d+)\.5h(\d+)", svg):
        left, top = int(x) * scale, int(y) * scale
        pen.rectangle((left, top, left + int(width) * scale - 1, top + scale - 1), fill=0)
    return image

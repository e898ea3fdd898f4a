"""Pictures of pages as the documents have them: few colours, few bytes."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

MAX_BYTES = 60_000
COLOURS = (128, 64, 32, 16)


def save(png: bytes, path: Path) -> None:
    """Write it with as many colours as fit into `MAX_BYTES`."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    path.parent.mkdir(exist_ok=True)
    for colours in COLOURS:
        few = picture.quantize(colours, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size < MAX_BYTES:
            return
    raise AssertionError(f"{path.name} has {path.stat().st_size} bytes")

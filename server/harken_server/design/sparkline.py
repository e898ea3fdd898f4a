"""A line of values, small enough to stand beside a figure."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 100, 32
EDGE = 2
"""Above and below, so that the line's own width is not cut."""


def sparkline_path(values: Sequence[float | None]) -> str:
    """The path of an SVG of WIDTH by HEIGHT; None is a gap, and one lonely value a dot.

    >>> sparkline_path([0, None, 10, 5])
    'M0 30h0M66.67 2L100 16'
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    scale = (HEIGHT - 2 * EDGE) / (high - low) if high > low else 0
    step = WIDTH / max(len(values) - 1, 1)
    path, is_drawing = "", False
    for place, value in enumerate(values):
        if value is None:
            is_drawing = False
            continue
        y = HEIGHT - EDGE - (value - low) * scale if scale else HEIGHT / 2
        follows = place + 1 < len(values) and values[place + 1] is not None
        lonely = "" if is_drawing or follows else "h0"
        path += f"{'L' if is_drawing else 'M'}{place * step:.4g} {y:.4g}{lonely}"
        is_drawing = True
    return path


def sparkline_end(values: Sequence[float | None]) -> str:
    """The path of a dot at the last value; empty where there is none.

    >>> sparkline_end([0, None, 10, 5])
    'M100 16h0'
    """
    path = sparkline_path(values)
    at = path.removesuffix("h0").replace("L", "M").rpartition("M")[2]
    return f"M{at}h0" if path else ""

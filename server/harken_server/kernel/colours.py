"""Colours and their contrast, by the formulas of WCAG 2.2."""

from __future__ import annotations

from typing import TypeAlias

TEXT_CONTRAST = 4.5
"""Least contrast of text, WCAG 2.2 criterion 1.4.3 (AA)."""
EDGE_CONTRAST = 3.0
"""Least contrast of what shows where a control is, WCAG 2.2 criterion 1.4.11 (AA)."""
WHITE = (255, 255, 255)
BLACK = (0, 0, 0)

Rgb: TypeAlias = tuple[int, int, int]
"""Red, green and blue in sRGB, 0 to 255."""


def parse_colour(colour: str) -> Rgb:
    """The parts of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hex_colour(colour: Rgb) -> str:
    """The colour as `#rrggbb`.

    >>> hex_colour(parse_colour("#0B6E5F"))
    '#0b6e5f'
    """
    red, green, blue = colour
    return f"#{red:02x}{green:02x}{blue:02x}"


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio, 1 to 21, as WCAG 2.2 defines it.

    >>> contrast((0, 0, 0), (255, 255, 255))
    21.0
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 for black to 1 for white."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` (0 to 1) of the one colour in the other."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def readable(
    colour: Rgb, grounds: tuple[Rgb, ...], toward: Rgb, least: float = TEXT_CONTRAST
) -> Rgb:
    """The colour, moved toward another until it has the least contrast on all the grounds."""
    for step in range(41):
        moved = mix(toward, colour, step / 40)
        if all(contrast(moved, ground) >= least for ground in grounds):
            return moved
    return toward


def tinted(ground: Rgb, tint: Rgb, share: float, ink: Rgb) -> Rgb:
    """The ground with a share of a tint, or as much less of it as leaves the ink readable."""
    for part in (share, share / 2, share / 4):
        moved = mix(tint, ground, part)
        if contrast(ink, moved) >= TEXT_CONTRAST:
            return moved
    return ground


def text_on(ground: Rgb) -> Rgb:
    """White where it can be read, else black: one of both always can."""
    return WHITE if contrast(WHITE, ground) >= TEXT_CONTRAST else BLACK


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

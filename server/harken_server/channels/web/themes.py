"""A survey's theme as style tokens: readable on every accent colour, in light and in dark."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from harken_server.core.survey import Theme

VISIBLE_CONTRAST = 1.25
"""An accent nearer to the card than this could not be told from it, and is replaced."""
TEXT_CONTRAST = 4.5
"""Least contrast of text, WCAG 2.2 criterion 1.4.3 (AA)."""
_DEFAULT_ACCENT = "#0b6e5f"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_WHITE = (255, 255, 255)
_BLACK = (0, 0, 0)
_RADIUS = {"none": ("0", "0"), "small": ("6px", "8px"), "large": ("12px", "20px")}
_FONT = {
    "system": 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif',
    "serif": '"Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Noto Serif",serif',
    "rounded": 'ui-rounded,"SF Pro Rounded","Hiragino Maru Gothic ProN",Quicksand,Nunito,'
    "system-ui,sans-serif",
    "mono": 'ui-monospace,"SF Mono","Cascadia Code",Menlo,Consolas,"DejaVu Sans Mono",monospace',
}

Rgb: TypeAlias = tuple[int, int, int]


class Scheme(NamedTuple):
    """Colours of one scheme, light or dark."""

    page: Rgb
    """Behind the card."""
    card: Rgb
    ink: Rgb
    muted: Rgb
    line: Rgb
    """Decorative lines."""
    edge: Rgb
    """Borders of things to fill in: at least 3:1 on the card (1.4.11)."""
    soft: Rgb
    """A breath of accent, behind what is chosen or pointed at."""
    accent: Rgb
    """Fill of buttons and chosen ratings."""
    on_accent: Rgb
    accent_ink: Rgb
    """The accent as text and border: readable on card, page and `soft`."""
    error: Rgb


def style_tokens(theme: Theme) -> str:
    """Custom properties for the page's style block; built from checked values only."""
    accent = _DEFAULT_ACCENT
    if _HEX.fullmatch(theme.accent):
        accent = theme.accent
    small, large = _RADIUS[theme.radius]
    shape = f"--r:{small};--R:{large};--font:{_FONT[theme.font]};"
    light = _declare(light_scheme(accent))
    dark = _declare(dark_scheme(accent))
    return f":root{{{shape}{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def light_scheme(accent: str) -> Scheme:
    """Colours of the light scheme around an accent `#rrggbb`."""
    brand = _parse(accent)
    page, card = _mix(brand, (247, 247, 248), 0.06), _WHITE
    soft = _mix(brand, card, 0.08)
    strong = readable(brand, (soft, card, page), _BLACK)
    fill = brand if contrast(brand, card) >= VISIBLE_CONTRAST else strong
    return Scheme(
        page=page, card=card, ink=_mix(brand, (22, 24, 28), 0.06), muted=(86, 92, 100),
        line=_mix(brand, (224, 226, 230), 0.06), edge=(134, 140, 148), soft=soft,
        accent=fill, on_accent=_text_on(fill), accent_ink=strong, error=(176, 24, 36),
    )  # fmt: skip


def dark_scheme(accent: str) -> Scheme:
    """Colours of the dark scheme around an accent `#rrggbb`."""
    brand = _parse(accent)
    page, card = _mix(brand, (14, 16, 18), 0.05), _mix(brand, (26, 28, 32), 0.05)
    soft = _mix(brand, card, 0.12)
    bright = readable(brand, (soft, card, page), _WHITE)
    return Scheme(
        page=page, card=card, ink=(240, 242, 244), muted=(172, 178, 186),
        line=(54, 58, 64), edge=(124, 131, 140), soft=soft,
        accent=bright, on_accent=_text_on(bright), accent_ink=bright, error=(255, 150, 150),
    )  # fmt: skip


def readable(colour: Rgb, grounds: tuple[Rgb, ...], toward: Rgb) -> Rgb:
    """The colour, moved toward another until it has text contrast on all the grounds."""
    for step in range(41):
        moved = _mix(toward, colour, step / 40)
        if all(contrast(moved, ground) >= TEXT_CONTRAST for ground in grounds):
            return moved
    return toward


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio, 1 to 21, as WCAG 2.2 defines it.

    >>> contrast((0, 0, 0), (255, 255, 255))
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _text_on(ground: Rgb) -> Rgb:
    """White where it can be read, else black: one of both always can."""
    return _WHITE if contrast(_WHITE, ground) >= TEXT_CONTRAST else _BLACK


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` of the one colour in the other."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _parse(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _declare(scheme: Scheme) -> str:
    return "".join(
        f"--{name.replace('_', '-')}:#{red:02x}{green:02x}{blue:02x};"
        for name, (red, green, blue) in zip(scheme._fields, scheme, strict=True)
    )

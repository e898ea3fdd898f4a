"""The colours that a theme names, and what stands for those it leaves open."""

from __future__ import annotations

import re

from harken_server.kernel.colours import WHITE, Rgb, mix, parse_colour
from harken_server.surveys.survey import COLOUR_PATTERN, Theme

_DEFAULT_ACCENT = "#0b6e5f"
_NEARLY_BLACK = (22, 24, 28)


def accent_of(theme: Theme) -> Rgb:
    """The brand's colour."""
    return _colour(theme.accent) or parse_colour(_DEFAULT_ACCENT)


def background_of(theme: Theme) -> Rgb:
    """What is behind the questions in the light scheme; white unless named."""
    return _colour(theme.background) or WHITE


def ink_of(theme: Theme) -> Rgb:
    """Text in the light scheme; unless named, nearly black with a breath of the accent."""
    return _colour(theme.ink) or mix(accent_of(theme), _NEARLY_BLACK, 0.06)


def _colour(written: str | None) -> Rgb | None:
    """Checked once more, whatever was stored: it ends up in a style sheet."""
    if written is None or not re.fullmatch(COLOUR_PATTERN, written):
        return None
    return parse_colour(written)

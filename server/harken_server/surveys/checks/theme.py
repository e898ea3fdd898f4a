"""Looks: text that can be read on its background, and a logo that is a picture."""

from __future__ import annotations

from collections.abc import Iterator

from harken_server.kernel.colours import TEXT_CONTRAST, Rgb, contrast, hex_colour
from harken_server.kernel.errors import Problem
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.logo import MAX_LOGO_BYTES, picture_type, read_data_address
from harken_server.surveys.survey import Theme
from harken_server.surveys.theme_colours import background_of, ink_of

_THEME = "$.presentation.theme"
_NAMES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP"}


def check_appearance(draft: Draft) -> Iterator[Problem]:
    """The theme, when it could be read."""
    if "presentation" in draft.unread_fields:
        return
    theme = draft.survey.presentation.theme
    yield from _check_contrast(theme)
    if theme.logo is not None:
        yield from _check_logo(theme.logo)


def _check_contrast(theme: Theme) -> Iterator[Problem]:
    background, ink = background_of(theme), ink_of(theme)
    ratio = contrast(ink, background)
    if ratio >= TEXT_CONTRAST:
        return
    message = (
        f"The ink {_named(theme.ink, ink)} on the background "
        f"{_named(theme.background, background)} has a contrast of {_floored(ratio)}:1; "
        f"text needs {TEXT_CONTRAST}:1 at least."
    )
    field = "background" if theme.ink is None else "ink"
    yield Problem(f"{_THEME}.{field}", "low_contrast", message, limit=TEXT_CONTRAST)


def _named(written: str | None, colour: Rgb) -> str:
    shown = hex_colour(colour)
    return shown if written else f"{shown} (used unless you name one)"


def _floored(ratio: float) -> str:
    """Two places, never rounded up to a limit that was missed."""
    return f"{int(ratio * 100) / 100:.2f}"


def _check_logo(logo: str) -> Iterator[Problem]:
    path = f"{_THEME}.logo"
    media_type, content = read_data_address(logo)
    kind = _NAMES.get(media_type, "PNG, JPEG or WebP")
    if not content:
        yield Problem(path, "bad_logo", "The logo is no well-formed base64.")
    elif picture_type(content) != media_type:
        found = _NAMES.get(picture_type(content) or "")
        held = f"holds a {found} picture" if found else f"is no {kind} picture"
        yield Problem(path, "bad_logo", f"The logo says {media_type}, but {held}.")
    if len(content) > MAX_LOGO_BYTES:
        message = f"A logo may have {MAX_LOGO_BYTES} bytes (24 KiB) at most; it has {len(content)}."
        yield Problem(path, "logo_too_large", message, limit=MAX_LOGO_BYTES)

"""A survey's theme in a message: colours written on every element, and the dark ones beside."""

from __future__ import annotations

from typing import NamedTuple

from harken_server.channels.page.themes import Scheme, dark_scheme, light_scheme
from harken_server.kernel.colours import hex_colour
from harken_server.surveys.survey import Theme

DARK = "@media (prefers-color-scheme:dark)"
"""The one condition in a message's style block; the preview puts its own in place of it."""

_FONTS = {
    "system": "-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif",
    "serif": "Georgia,Times New Roman,serif",
    "rounded": "Quicksand,Nunito,Segoe UI,Helvetica,Arial,sans-serif",
    "mono": "Menlo,Consolas,Courier New,monospace",
}
_CORNERS = {"none": "0", "small": "4px", "large": "8px"}


class MailTheme(NamedTuple):
    """Values that the template writes into attributes; built from checked tokens only."""

    colours: dict[str, str]
    """As style sheets write them, by the names of `Scheme`."""
    font: str
    corner: str
    scheme: str
    """For the `color-scheme` metas."""
    dark_style: str
    """Rules of the dark scheme; empty when the theme keeps to one scheme."""


def mail_theme(theme: Theme) -> MailTheme:
    """Light colours with dark ones beside them, or those of the one scheme that the theme keeps."""
    is_auto = theme.scheme == "auto"
    return MailTheme(
        colours=_hex_colours(dark_scheme(theme) if theme.scheme == "dark" else light_scheme(theme)),
        font=_FONTS[theme.font],
        corner=_CORNERS[theme.radius],
        scheme="light dark" if is_auto else f"{theme.scheme} only",
        dark_style=_dark_style(_hex_colours(dark_scheme(theme))) if is_auto else "",
    )


def _hex_colours(scheme: Scheme) -> dict[str, str]:
    return {name: hex_colour(colour) for name, colour in scheme._asdict().items()}


def _dark_style(colours: dict[str, str]) -> str:
    """Twice: for programs that tell by media query, and for those that mark the message."""
    rules = {
        ".hk-page": "background-color:{page}",
        ".hk-card": "background-color:{card};border-color:{line}",
        ".hk-ink": "color:{ink}",
        ".hk-muted": "color:{muted}",
        ".hk-cell": "background-color:{soft};border-color:{edge}",
        ".hk-answer": "color:{accent_ink}",
        ".hk-button": "background-color:{accent}",
        ".hk-go": "color:{on_accent}",
    }
    bodies = {name: _important(body.format_map(colours)) for name, body in rules.items()}
    by_query = "".join(f"{name}{{{body}}}" for name, body in bodies.items())
    marked = "".join(f"[data-ogsc] {name}{{{body}}}" for name, body in bodies.items())
    return f"{DARK}{{{by_query}}}{marked}"


def _important(declarations: str) -> str:
    return ";".join(f"{part} !important" for part in declarations.split(";"))

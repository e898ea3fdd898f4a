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


class MailLooks(NamedTuple):
    """Values that the template writes into attributes; built from checked tokens only."""

    page: str
    card: str
    ink: str
    muted: str
    line: str
    edge: str
    cell: str
    """Behind an answer."""
    cell_ink: str
    button: str
    on_button: str
    font: str
    corner: str
    scheme: str
    """For the `color-scheme` metas."""
    dark_style: str
    """Rules of the dark scheme; empty when the theme keeps to one scheme."""


def mail_looks(theme: Theme) -> MailLooks:
    """Light colours with dark ones beside them, or those of the one scheme that the theme keeps."""
    base = dark_scheme(theme) if theme.scheme == "dark" else light_scheme(theme)
    is_auto = theme.scheme == "auto"
    return MailLooks(
        page=hex_colour(base.page),
        card=hex_colour(base.card),
        ink=hex_colour(base.ink),
        muted=hex_colour(base.muted),
        line=hex_colour(base.line),
        edge=hex_colour(base.edge),
        cell=hex_colour(base.soft),
        cell_ink=hex_colour(base.accent_ink),
        button=hex_colour(base.accent),
        on_button=hex_colour(base.on_accent),
        font=_FONTS[theme.font],
        corner=_CORNERS[theme.radius],
        scheme="light dark" if is_auto else f"{theme.scheme} only",
        dark_style=_dark_style(dark_scheme(theme)) if is_auto else "",
    )


def _dark_style(scheme: Scheme) -> str:
    """Twice: for programs that tell by media query, and for those that mark the message."""
    rules = {
        ".hk-page": f"background-color:{hex_colour(scheme.page)}",
        ".hk-card": f"background-color:{hex_colour(scheme.card)};"
        f"border-color:{hex_colour(scheme.line)}",
        ".hk-ink": f"color:{hex_colour(scheme.ink)}",
        ".hk-muted": f"color:{hex_colour(scheme.muted)}",
        ".hk-cell": f"background-color:{hex_colour(scheme.soft)};"
        f"border-color:{hex_colour(scheme.edge)}",
        ".hk-answer": f"color:{hex_colour(scheme.accent_ink)}",
        ".hk-button": f"background-color:{hex_colour(scheme.accent)}",
        ".hk-go": f"color:{hex_colour(scheme.on_accent)}",
    }
    by_query = "".join(f"{name}{{{_important(body)}}}" for name, body in rules.items())
    marked = "".join(f"[data-ogsc] {name}{{{_important(body)}}}" for name, body in rules.items())
    return f"{DARK}{{{by_query}}}{marked}"


def _important(declarations: str) -> str:
    return ";".join(f"{part} !important" for part in declarations.split(";"))

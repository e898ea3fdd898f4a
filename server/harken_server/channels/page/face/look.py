"""A survey's theme as the widget gets it; see `Look` in widget/src/types.ts."""

from __future__ import annotations

from functools import lru_cache

from harken_server.channels.page.themes import theme_tokens
from harken_server.surveys.logo import LogoFile, logo_file
from harken_server.surveys.survey import Theme


def look_config(theme: Theme) -> dict[str, str]:
    """Custom properties for the shape and for each scheme, and where the logo is."""
    return dict(_look(theme))


def logo_path(logo: LogoFile) -> str:
    """Path of a logo below the server's address."""
    return f"/widget/logo/{logo.name}"


@lru_cache(maxsize=512)
def _look(theme: Theme) -> dict[str, str]:
    look = dict(theme_tokens(theme)._asdict())
    if theme.scheme != "auto":
        look["scheme"] = theme.scheme
    if (logo := logo_file(theme)) is not None:
        look["logo"] = logo_path(logo)
    return look

"""A survey's theme as style tokens: readable with every accent colour, in light and in dark."""

from __future__ import annotations

from typing import NamedTuple

from harken_server.kernel.colours import (
    BLACK,
    EDGE_CONTRAST,
    WHITE,
    Rgb,
    contrast,
    hex_colour,
    luminance,
    mix,
    readable,
    text_on,
    tinted,
)
from harken_server.surveys.survey import Theme
from harken_server.surveys.theme_colours import accent_of, background_of, ink_of

VISIBLE_CONTRAST = 1.25
"""An accent nearer to the card than this could not be told from it, and is replaced."""
_RADIUS = {"none": ("0", "0"), "small": ("6px", "8px"), "large": ("12px", "20px")}
_FONT = {
    "system": 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif',
    "serif": '"Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Noto Serif",serif',
    "rounded": 'ui-rounded,"SF Pro Rounded","Hiragino Maru Gothic ProN",Quicksand,Nunito,'
    "system-ui,sans-serif",
    "mono": 'ui-monospace,"SF Mono","Cascadia Code",Menlo,Consolas,"DejaVu Sans Mono",monospace',
}
_ERROR = (176, 24, 36)


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

    def is_dark(self) -> bool:
        """Whether text is lighter than what it stands on."""
        return luminance(self.card) < luminance(self.ink)


class ThemeTokens(NamedTuple):
    """Declarations for a style sheet, without selectors; built from checked values only."""

    shape: str
    """Corners and font, whatever the scheme."""
    light: str
    """Colours as custom properties, and `color-scheme` for what the browser draws itself."""
    dark: str


def theme_tokens(theme: Theme) -> ThemeTokens:
    """Both schemes of a theme, whichever of them it asks for."""
    small, large = _RADIUS[theme.radius]
    return ThemeTokens(
        shape=f"--r:{small};--R:{large};--font:{_FONT[theme.font]};",
        light=_declare(light_scheme(theme)),
        dark=_declare(dark_scheme(theme)),
    )


def style_tokens(theme: Theme) -> str:
    """The page's rules for its root: one scheme, or both by the device's preference."""
    tokens = theme_tokens(theme)
    light = tokens.light + _lift(light_scheme(theme))
    dark = tokens.dark + _lift(dark_scheme(theme))
    match theme.scheme:
        case "light":
            return f":root{{{tokens.shape}{light}}}"
        case "dark":
            return f":root{{{tokens.shape}{dark}}}"
        case "auto":
            first = f":root{{{tokens.shape}{light}}}"
            return f"{first}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def light_scheme(theme: Theme) -> Scheme:
    """Colours of the light scheme, around the theme's accent, background and ink."""
    brand, card, ink = accent_of(theme), background_of(theme), ink_of(theme)
    page = _around(card, ink, brand)
    soft = tinted(card, brand, 0.08, ink)
    grounds = (soft, card, page)
    strong = readable(brand, grounds, ink)
    fill = brand if contrast(brand, card) >= VISIBLE_CONTRAST else strong
    return Scheme(
        page=page, card=card, ink=ink, muted=readable(mix(ink, card, 0.72), grounds, ink),
        line=mix(ink, card, 0.13), edge=readable(mix(ink, card, 0.52), (card,), ink, EDGE_CONTRAST),
        soft=soft, accent=fill, on_accent=text_on(fill), accent_ink=strong,
        error=readable(_ERROR, (card,), ink),
    )  # fmt: skip


def dark_scheme(theme: Theme) -> Scheme:
    """Colours of the dark scheme, around the theme's accent alone."""
    brand = accent_of(theme)
    page, card = mix(brand, (14, 16, 18), 0.05), mix(brand, (26, 28, 32), 0.05)
    soft = mix(brand, card, 0.12)
    bright = readable(brand, (soft, card, page), WHITE)
    return Scheme(
        page=page, card=card, ink=(240, 242, 244), muted=(172, 178, 186),
        line=(54, 58, 64), edge=(124, 131, 140), soft=soft,
        accent=bright, on_accent=text_on(bright), accent_ink=bright, error=(255, 150, 150),
    )  # fmt: skip


def _around(card: Rgb, ink: Rgb, brand: Rgb) -> Rgb:
    """The page behind a card: a little darker, so that the card stands out, and still readable."""
    if luminance(card) < luminance(ink):
        return mix(BLACK, card, 0.3)
    return tinted(tinted(card, ink, 0.032, ink), brand, 0.06, ink)


def _declare(scheme: Scheme) -> str:
    colours = (
        f"--{name.replace('_', '-')}:{hex_colour(colour)};"
        for name, colour in zip(scheme._fields, scheme, strict=True)
    )
    return f"{''.join(colours)}color-scheme:{'dark' if scheme.is_dark() else 'light'};"


def _lift(scheme: Scheme) -> str:
    """What raises the card off the page: a shadow, or a line where a shadow is not seen."""
    if scheme.is_dark():
        return "--lift:0 0 0 1px var(--line);"
    return "--lift:0 1px 2px rgb(0 0 0/.06),0 12px 40px rgb(0 0 0/.08);"

"""A slip as a stand-alone SVG: one path for the symbol, text as text in any script."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from html import escape

from harken.printing.lettering import wrap_lines
from harken.printing.logo import Drawn, draw_symbol
from harken.printing.rolls import Roll
from harken.printing.slip import Slip
from harken.printing.symbol import DOTS_PER_MM, QUIET_ZONE, Symbol, check_dots, dark_runs

_PIXELS = 8
_LINE = 1.25
_FONT = "'Helvetica Neue', Helvetica, Arial, 'Noto Sans', sans-serif"


def slip_svg(slip: Slip, roll: Roll | None = None, dots: int | None = None) -> str:
    """The slip; with a roll or dots it has its printed size in millimetres, else 8 px a module."""
    made = draw_symbol(slip)
    side = made.symbol.side
    if roll or dots:
        dots = dots or (roll.module_dots if roll else DOTS_PER_MM)
        check_dots(made.symbol, dots, roll.dots if roll else None)
    above, top = _texts(slip.text, side / 13, side, side / 40, bold=True)
    words, middle = _texts(slip.readable, side / 21, side, top + side)
    note, height = _texts(slip.note, side / 24, side, middle)
    if slip.has_words:
        height += side / 40
    body = above + _symbol(made, slip.ink, top) + words + note
    size = _size(side, height, dots)
    return _document(side, height, size, slip.background, _text_group(body, slip))


def symbol_svg(symbol: Symbol) -> str:
    """The bare symbol, black on white, 8 px a module."""
    side = symbol.side
    body = _symbol(Drawn(symbol), "#000000", 0)
    return _document(side, side, _size(side, side, None), "#ffffff", body)


def symbol_path(rows: list[list[bool]]) -> str:
    """The dark runs of each row, as strokes of height 1."""
    runs = ((y, *run) for y, row in enumerate(rows) for run in dark_runs(row))
    return "".join(f"M{start} {y}.5h{length}" for y, start, length in runs)


def _document(side: int, height: float, size: str, background: str, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {_number(height)}" {size}>'
        f'<path fill="{_short(background)}" d="M0 0h{side}v{_number(height)}H0z"/>{body}</svg>\n'
    )


def _symbol(made: Drawn, ink: str, top: float) -> str:
    path = f'<path stroke="{_short(ink)}" d="{symbol_path(made.symbol.rows())}"'
    drawing = f'{path} shape-rendering="crispEdges"/>'
    if made.logo:
        corner = _number(QUIET_ZONE + (made.symbol.size - made.logo.width) / 2)
        encoded = b64encode(made.logo.png).decode()
        drawing += (
            f'<image x="{corner}" y="{corner}" width="{made.logo.width}" '
            f'height="{made.logo.width}" href="data:image/png;base64,{encoded}"/>'
        )
    return f'<g transform="translate(0 {_number(top)})">{drawing}</g>' if top else drawing


def _texts(
    text: str, size: float, width: float, top: float, *, bold: bool = False
) -> tuple[str, float]:
    """Centred lines below `top`, and where they end."""
    if not text:
        return "", 0.0 if bold else top
    lines = wrap_lines(text, lambda part: _ems(part, bold) * size, width - 2)
    weight = ' font-weight="700"' if bold else ""
    drawing = "".join(
        f'<text x="{_number(width / 2)}" y="{_number(top + size * (_LINE * at + 1))}" '
        f'font-size="{_number(size)}"{weight}>{escape(line)}</text>'
        for at, line in enumerate(lines)
    )
    return drawing, top + size * _LINE * len(lines) + size * 0.2


def _text_group(body: str, slip: Slip) -> str:
    if "<text" not in body:
        return body
    return (
        f'<g fill="{_short(slip.ink)}" font-family="{_FONT}" text-anchor="middle" '
        f'style="unicode-bidi:plaintext">{body}</g>'
    )


def _ems(text: str, bold: bool) -> float:
    """An upper estimate of a line's width in ems, without knowing the viewer's font."""
    return sum(
        1.0
        if unicodedata.east_asian_width(each) in "WF"
        else 0.32
        if each in " .,:;!'|/iljtfI()-"
        else 0.88
        if each in "mwMW@%"
        else 0.7
        if each.isupper() or each.isdigit()
        else 0.58
        for each in text
    ) * (1.06 if bold else 1)


def _size(side: int, height: float, dots: int | None) -> str:
    if dots is None:
        return f'width="{side * _PIXELS}" height="{_number(height * _PIXELS)}"'
    scale = dots / DOTS_PER_MM
    return f'width="{_number(side * scale)}mm" height="{_number(height * scale)}mm"'


def _short(colour: str) -> str:
    """#abc for #aabbcc."""
    lower = colour.lower()
    return f"#{lower[1::2]}" if len(lower) == 7 and lower[1::2] == lower[2::2] else lower


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")

"""What every picture is drawn with.

Horizontal places are percentages and text keeps its size, so that one picture fits 320 px and a
wall screen alike. Colours come from classes; every colour has a word or a place beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from harken_server.design.markup import xml_text
from harken_server.insights.page.words import SMALL_N
from harken_server.kernel.numbers import write_number


def labelled(kind: str, said: str, parts: Sequence[str], *, height: int, box: str = "") -> Markup:
    """An `<svg>` that names itself to a screen reader; `parts` are markup made by this package."""
    view = box and f' viewBox="{box}"'
    named = f'role="img" aria-label="{xml_text(said)}"'
    svg = f'<svg class="{kind}" height="{height}"{view} {named}>{"".join(parts)}</svg>'
    return Markup(svg)  # noqa: S704  (texts are escaped above and in `words`)


def stretched(width: int, height: int, shapes: str) -> str:
    """Shapes in a grid that is stretched to the picture, whose lines keep their width."""
    return (
        f'<svg viewBox="0 0 {width} {height}" height="{height}" preserveAspectRatio="none">'
        f"{shapes}</svg>"
    )


def place(value: float) -> str:
    """A coordinate with at most one decimal: a tenth of a pixel, or of a percent.

    >>> place(33.333333), place(40.0)
    ('33.3', '40')
    """
    return write_number(value, 1, trimmed=True)


def standing(percent: float, base: int, *parts: str) -> str:
    """What stands at a percentage of the width; `parts` count from there and from the base."""
    return f'<svg x="{place(percent)}%" y="{base}">{"".join(parts)}</svg>'


def column(height: int, width: float, kind: str) -> str:
    """A column where it stands, its width in percent; the style turns it upwards."""
    x = f'x="{place(-width / 2)}%" width="{place(width)}%"'
    return f'<rect height="{height}" {x} class="{kind}"/>'


def words(y: float, text: str, kind: str = "", *, x: str | int = "") -> str:
    """A line of text around `x` (may be a percentage), on the baseline `y`."""
    named = f' x="{x}"' if x != "" else ""
    named += f' class="{kind}"' if kind else ""
    return f'<text y="{place(y)}"{named}>{xml_text(text)}</text>'


def few(n: int) -> str:
    """A class for what rests on few answers."""
    return " thin" if n < SMALL_N else ""


def cut(text: str, most: int) -> str:
    """No longer than so many letters.

    >>> cut("Oslo, Storgata 3", 9), cut("Oslo", 9)
    ('Oslo, St…', 'Oslo')
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

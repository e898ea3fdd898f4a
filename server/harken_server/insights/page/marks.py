"""The smallest parts of a chart: escaped text, rounded coordinates, a labelled `<svg>`."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from harken_server.kernel.numbers import write_number


def labelled(key: str, title: str, description: str, attributes: str, body: str) -> Markup:
    """An `<svg>` that names itself to a screen reader; `body` is markup made by this package."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="{key}-t {key}-d" {attributes}>'
        f'<title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(description)}</desc>{body}</svg>'
    )
    return Markup(svg)  # noqa: S704  (texts are escaped above and in `words`)


def place(value: float) -> str:
    """A coordinate with at most two decimals.

    >>> place(33.333333), place(40.0)
    ('33.33', '40')
    """
    return write_number(value, 2, trimmed=True)


def words(x: str, y: float, text: str, kind: str, anchor: str = "middle") -> str:
    """A line of text at `x` (may be a percentage) and baseline `y`."""
    return (
        f'<text x="{x}" y="{place(y)}" text-anchor="{anchor}" class="{kind}">{escape(text)}</text>'
    )

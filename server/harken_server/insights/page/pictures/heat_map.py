"""Two breakdowns at once: a cell for each pair, its score and n in it.

Darker where higher; points, which have a nought, in two colours that are stronger further from it.
"""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from harken_server.design.markup import xml_text
from harken_server.insights.page.pictures.canvas import cut, few, labelled, place, words
from harken_server.insights.page.words import SMALL_N
from harken_server.insights.rules.figures import count_answers, show_short, show_signed
from harken_server.insights.rules.scores import Unit

STEPS = 5
"""Shades of the one ramp."""
_HEAD, _LABEL, _CELL = 44, 18, 40
_ROW = _LABEL + _CELL + 6
_LETTER = 6.2
"""Pixels of a letter, about."""
_LEVEL, _FAR = 0.1, 0.5
"""Parts of the furthest score: nearer to nothing than the first has no colour."""
_NARROW = 300
_LABEL_LETTERS = 44


class Cell(NamedTuple):
    """One pair; without a score nobody answered, and a hidden one had too few answers."""

    score: float | None
    n: int
    is_hidden: bool = False


class HeatMap(NamedTuple):
    """The scores of each row in each column."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    """By row, then by column."""
    unit: Unit


def draw_heat_map(name: str, heat: HeatMap) -> Markup:
    """Names of rows stand above their cells, so that a narrow screen has the width for cells."""
    width = 100 / max(len(heat.columns), 1)
    letters = max(3, int(_NARROW / max(len(heat.columns), 1) / _LETTER))
    parts = [
        line
        for index, column in enumerate(heat.columns)
        for line in _head(column, letters, f"{place((index + 0.5) * width)}%")
    ]
    low, high = _ends(heat)
    for number, (row, cells) in enumerate(zip(heat.rows, heat.cells, strict=True)):
        inside = [words(13, cut(row, _LABEL_LETTERS), "strong start")]
        for index, (column, cell) in enumerate(zip(heat.columns, cells, strict=True)):
            inside.append(
                f'<svg x="{place(index * width)}%" width="{place(width)}%" y="{_LABEL}"'
                f' height="{_CELL}"><title>{xml_text(_say(row, column, cell, heat.unit))}</title>'
                f"{_draw_cell(cell, heat.unit, low, high)}</svg>"
            )
        parts.append(f'<svg y="{_HEAD + number * _ROW}" height="{_ROW}">{"".join(inside)}</svg>')
    height = _HEAD + len(heat.rows) * _ROW
    if any(cell.is_hidden for cells in heat.cells for cell in cells):
        parts.append(words(height + 12, "Hidden: too few answers to be shown.", "start"))
        height += 20
    return labelled("heat-map", f"{name}. {_describe(heat)}", parts, height=height)


def _head(text: str, letters: int, x: str) -> list[str]:
    """At most three lines, broken where words end as far as they fit."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(f"{lines[-1]} {word}") <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > 3:
        lines = [*lines[:2], " ".join(lines[2:])]
    return [
        words(_HEAD - 8 - 13 * (len(lines) - 1 - at), cut(line, letters), x=x)
        for at, line in enumerate(lines)
    ]


def _draw_cell(cell: Cell, unit: Unit, low: float, high: float) -> str:
    box = 'x="1%" y="1" width="98%" height="38" rx="4"'
    if cell.is_hidden or cell.score is None:
        text = "hidden" if cell.is_hidden else "—"
        return f'<rect {box} class="no-cell"/>{words(23, text, x="50%")}'
    kind = _away(cell.score, low, high) if unit == "points" else _step(cell.score, low, high)
    return (
        f'<rect {box} class="{kind} cell{few(cell.n)}"/>'
        f"{words(17, show_signed(cell.score, unit), f'on on-{kind}', x='50%')}"
        f"{words(31, f'n {show_short(cell.n)}', f'on-{kind}', x='50%')}"
    )


def _step(score: float, low: float, high: float) -> str:
    """Its shade on the one ramp."""
    share = (score - low) / (high - low) if high > low else 0.5
    return f"step-{max(0, min(STEPS - 1, int(share * STEPS)))}"


def _away(score: float, low: float, high: float) -> str:
    """On which side of nothing, and how far."""
    share = score / (max(abs(low), abs(high)) or 1)
    if abs(share) < _LEVEL:
        return "level"
    return f"{'above' if share > 0 else 'below'}-{2 if abs(share) > _FAR else 1}"


def _ends(heat: HeatMap) -> tuple[float, float]:
    """Of the ramp: cells with few answers do not stretch it, where there are others."""
    known = [
        (cell.score, cell.n)
        for cells in heat.cells
        for cell in cells
        if cell.score is not None and not cell.is_hidden
    ]
    shown = [score for score, n in known if n >= SMALL_N] or [score for score, _ in known]
    return (min(shown), max(shown)) if shown else (0, 0)


def _say(row: str, column: str, cell: Cell, unit: Unit) -> str:
    pair = f"{row}, {column}"
    if cell.is_hidden:
        return f"{pair}: hidden, too few answers"
    if cell.score is None:
        return f"{pair}: no answers"
    return f"{pair}: {show_signed(cell.score, unit)}, {count_answers(cell.n)}"


def _describe(heat: HeatMap) -> str:
    told = [
        (cell.score, _say(row, column, cell, heat.unit))
        for row, cells in zip(heat.rows, heat.cells, strict=True)
        for column, cell in zip(heat.columns, cells, strict=True)
        if cell.score is not None and not cell.is_hidden
    ]
    if not told:
        return "No cell has answers that may be shown."
    hidden = sum(cell.is_hidden for cells in heat.cells for cell in cells)
    ends = f"Lowest: {min(told)[1]}. Highest: {max(told)[1]}."
    return f"{ends} {hidden} hidden, of too few answers." if hidden else ends

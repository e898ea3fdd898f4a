"""Scores side by side: one row each, a mark on one common scale with its interval as a band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from harken_server.insights.page.pictures.axes import Axis, axis_around
from harken_server.insights.page.pictures.canvas import (
    cut,
    few,
    labelled,
    place,
    stretched,
    words,
)
from harken_server.insights.rules.figures import (
    count_answers,
    show_interval,
    show_score,
    show_signed,
)
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.scores import Unit

BAR_HEIGHT = 20
ROW_HEIGHT = 46
"""Of a row with its words above the bar, in a picture of all."""
_LETTERS = 26
_NEAR = 0.12
"""Part of the scale beside an end where words run inwards."""


class Ranged(NamedTuple):
    """One score with its interval; without a score nobody answered."""

    label: str
    score: float | None
    low: float | None
    high: float | None
    n: int
    is_hidden: bool = False
    """Of too few people to be shown."""
    level: float = USUAL_LEVEL
    """Of the interval."""


def scale_of(rows: Sequence[Ranged], unit: Unit, range_: tuple[float, float]) -> Axis:
    """One scale that holds the intervals of all rows."""
    ends = [end for row in rows for end in (row.low, row.high) if end is not None]
    return axis_around(ends or list(range_), unit, range_)


def draw_range(row: Ranged, axis: Axis, unit: Unit, overall: float | None = None) -> Markup:
    """One row's bar; a dashed line where the score of all stands."""
    return labelled("range", say_range(row, unit), draw_bar(row, axis, overall), height=BAR_HEIGHT)


def draw_scale(axis: Axis, unit: Unit, overall: float | None) -> Markup:
    """Its ends, and where the score of all stands, over the bars of rows."""
    ends = [(axis.low, "start", "0"), (axis.high, "end", "100%")]
    parts = [words(10, show_signed(end, unit), kind, x=x) for end, kind, x in ends]
    said = f"Scale: {show_signed(axis.low, unit)} to {show_signed(axis.high, unit)}"
    if overall is not None:
        part = axis.part_of(overall)
        kind = "start" if part < _NEAR else "end" if part > 1 - _NEAR else ""
        at = f"{place(100 * part)}%"
        all_ = f"all {show_signed(overall, unit)}"
        parts.append(words(25, all_, f"strong {kind}".strip(), x=at))
        parts.append(f'<line x1="{at}" x2="{at}" y1="30" y2="36" class="overall"/>')
        said += f"; {all_}"
    return labelled("scale", said, parts, height=36)


def draw_ranges(
    name: str,
    rows: Sequence[Ranged],
    unit: Unit,
    range_: tuple[float, float],
    overall: float | None = None,
) -> Markup:
    """All rows in one picture, each with its words above its bar."""
    axis = scale_of(rows, unit, range_)
    parts = [
        f'<svg y="{index * ROW_HEIGHT}" height="{ROW_HEIGHT}">'
        f"{words(14, cut(row.label, _LETTERS), 'strong start')}"
        f"{words(14, _figures(row, unit), 'end', x='100%')}"
        f'<svg y="20" height="{BAR_HEIGHT}">{"".join(draw_bar(row, axis, overall))}</svg></svg>'
        for index, row in enumerate(rows)
    ]
    bottom = len(rows) * ROW_HEIGHT + 12
    parts.append(words(bottom, show_signed(axis.low, unit), "start"))
    parts.append(words(bottom, show_signed(axis.high, unit), "end", x="100%"))
    if overall is not None:
        at = f"{place(100 * axis.part_of(overall))}%"
        parts.append(words(bottom, f"all {show_signed(overall, unit)}", x=at))
    said = " ".join(f"{say_range(row, unit)}." for row in rows) or "No answers yet."
    return labelled("ranges", f"{name}. {said}", parts, height=bottom + 6)


def say_range(row: Ranged, unit: Unit) -> str:
    """The row in words."""
    if row.is_hidden:
        return f"{row.label}: hidden, too few answers"
    if row.score is None:
        return f"{row.label}: no answers"
    interval = show_interval(row.low, row.high, unit, row.level)
    return f"{row.label}: {show_score(row.score, unit)}, {interval}, {count_answers(row.n)}"


def _figures(row: Ranged, unit: Unit) -> str:
    if row.is_hidden:
        return "hidden: too few"
    return f"{show_signed(row.score, unit)} · n {row.n:,}"


def draw_bar(row: Ranged, axis: Axis, overall: float | None) -> list[str]:
    """What a row's bar is made of, for a picture of more than bars."""
    parts = ['<line x2="100%" y1="10" y2="10" class="axis"/>']
    if overall is not None:
        at = round(1000 * axis.part_of(overall))
        parts.append(stretched(1000, BAR_HEIGHT, f'<path d="M{at} 0v20" class="overall"/>'))
    if row.score is None or row.low is None or row.high is None or row.is_hidden:
        return parts
    low, high = (100 * min(1, max(0, axis.part_of(end))) for end in (row.low, row.high))
    parts.append(
        f'<rect x="{place(low)}%" y="4" width="{place(high - low)}%" height="12" rx="6"'
        ' class="spread-band"/>'
    )
    part = axis.part_of(row.score)
    if 0 <= part <= 1:
        parts.append(f'<circle cx="{place(100 * part)}%" cy="10" r="5" class="point{few(row.n)}"/>')
    return parts

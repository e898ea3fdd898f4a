"""The trend as SVG text: a line of scores, the band of their intervals, and n below each period."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor

import msgspec
from markupsafe import Markup

from harken_server.insights.page.charts import labelled, place, words
from harken_server.insights.page.words import SMALL_N
from harken_server.insights.rules.figures import count_answers, show_score, show_short, show_start
from harken_server.insights.rules.scores import Score, Unit
from harken_server.insights.rules.trends import Period, TrendPoint

PLOT_HEIGHT = 176
"""Pixels between the lowest and the highest line of the grid."""
N_HEIGHT = 34
"""Pixels of the column of the busiest period."""
_TOP = 10
_N_BASE = _TOP + PLOT_HEIGHT + 22 + N_HEIGHT
_HEIGHT = _N_BASE + 24
_STEPS: dict[Unit, tuple[float, ...]] = {
    "points": (5, 10, 20, 25, 50),
    "percent": (2, 5, 10, 20, 25),
    "index": (2, 5, 10, 20, 25),
    "mean": (0.1, 0.25, 0.5, 1, 2, 5),
}
_WIDE_LABELS, _NARROW_LABELS = 13, 5


class Axis(msgspec.Struct, frozen=True):
    """The vertical scale: both ends and the distance of grid lines, in the unit of the score."""

    low: float
    high: float
    step: float

    def y_of(self, value: float) -> float:
        """Pixels from the top of the picture."""
        return _TOP + PLOT_HEIGHT * (self.high - value) / (self.high - self.low)


def draw_trend(
    key: str,
    points: Sequence[TrendPoint],
    overall: Score,
    period: Period,
    name: str,
) -> Markup:
    """The picture; a period without answers breaks the line. Empty text when there are none."""
    scored = [point.score for point in points if point.score.score is not None]
    if not scored:
        return Markup()
    axis = fit_axis(scored)
    body = [
        _grid(axis, overall.unit),
        _reference(axis, overall),
        _band_and_line(points, axis),
        _dots(points, axis, overall.unit),
        _numbers(points, period),
    ]
    attributes = f'class="trend" width="100%" height="{_HEIGHT}"'
    return labelled(key, name, _describe(points, overall.unit), attributes, "".join(body))


def fit_axis(scores: Sequence[Score]) -> Axis:
    """A scale around all intervals with at most six grid lines, inside the range of the score."""
    first = scores[0]
    low = min(score.low for score in scores if score.low is not None)
    high = max(score.high for score in scores if score.high is not None)
    step = _STEPS[first.unit][-1]
    for candidate in _STEPS[first.unit]:
        if ceil(high / candidate) - floor(low / candidate) <= 5:
            step = candidate
            break
    bottom = max(first.range_low, floor(low / step) * step)
    top = min(first.range_high, ceil(high / step) * step)
    return Axis(bottom, top if top > bottom else bottom + step, step)


def _grid(axis: Axis, unit: Unit) -> str:
    lines: list[str] = []
    count = round((axis.high - axis.low) / axis.step)
    for index in range(count + 1):
        value = min(axis.high, axis.low + index * axis.step)
        y = axis.y_of(value)
        kind = "zero" if value == 0 and axis.low < 0 else "gridline"
        lines.append(
            f'<line x1="0" x2="100%" y1="{place(y)}" y2="{place(y)}" class="{kind}"/>'
            + words("-8", y + 4, show_score(value, unit), "tick", "end")
        )
    return "".join(lines)


def _reference(axis: Axis, overall: Score) -> str:
    if overall.score is None or not axis.low <= overall.score <= axis.high:
        return ""
    y = place(axis.y_of(overall.score))
    return f'<line x1="0" x2="100%" y1="{y}" y2="{y}" class="overall"/>'


def _band_and_line(points: Sequence[TrendPoint], axis: Axis) -> str:
    """Runs of neighbouring periods; x is stretched to the width, y is in pixels."""
    shapes: list[str] = []
    for run in _runs(points):
        xs = [place(_x(index, len(points)) * 10) for index in run]
        scores = [points[index].score for index in run]
        highs = [f"{x},{place(axis.y_of(s.high or 0))}" for x, s in zip(xs, scores, strict=True)]
        lows = [f"{x},{place(axis.y_of(s.low or 0))}" for x, s in zip(xs, scores, strict=True)]
        line = [f"{x},{place(axis.y_of(s.score or 0))}" for x, s in zip(xs, scores, strict=True)]
        shapes.append(f'<polygon points="{" ".join(highs + lows[::-1])}" class="band"/>')
        shapes.append(f'<polyline points="{" ".join(line)}" class="line"/>')
    return (
        f'<svg width="100%" height="{_HEIGHT}" viewBox="0 0 1000 {_HEIGHT}" '
        f'preserveAspectRatio="none" aria-hidden="true">{"".join(shapes)}</svg>'
    )


def _runs(points: Sequence[TrendPoint]) -> list[list[int]]:
    """Indexes of neighbouring periods with answers; runs of one have no band."""
    filled = [index for index, point in enumerate(points) if point.score.n]
    runs = [[filled[0]]] if filled else []
    for before, after in pairwise(filled):
        if after == before + 1:
            runs[-1].append(after)
        else:
            runs.append([after])
    return [run for run in runs if len(run) > 1]


def _dots(points: Sequence[TrendPoint], axis: Axis, unit: Unit) -> str:
    in_runs = {index for run in _runs(points) for index in run}
    marks: list[str] = []
    for index, point in enumerate(points):
        score = point.score
        if score.score is None or score.low is None or score.high is None:
            continue
        x = f"{place(_x(index, len(points)))}%"
        few = " thin" if score.n < SMALL_N else ""
        if index not in in_runs:
            ends = (place(axis.y_of(score.low)), place(axis.y_of(score.high)))
            marks.append(f'<line x1="{x}" x2="{x}" y1="{ends[0]}" y2="{ends[1]}" class="lone"/>')
        marks.append(
            f'<circle cx="{x}" cy="{place(axis.y_of(score.score))}" r="4" class="point{few}">'
            f"<title>{point.period}: {_value(score, unit)}</title></circle>"
        )
    return "".join(marks)


def _numbers(points: Sequence[TrendPoint], period: Period) -> str:
    """Columns of n below the plot, with n above and the start of the period below each."""
    most = max(point.score.n for point in points)
    width = min(60 / len(points), 5)
    wide = ceil(len(points) / _WIDE_LABELS)
    narrow = wide * ceil(len(points) / wide / _NARROW_LABELS)
    marks: list[str] = []
    for index, point in enumerate(points):
        x, n = _x(index, len(points)), point.score.n
        height = N_HEIGHT * n / most
        marks.append(
            f'<rect x="{place(x - width / 2)}%" width="{place(width)}%" rx="2" class="volume" '
            f'y="{place(_N_BASE - height)}" height="{place(height)}"/>'
        )
        back = len(points) - 1 - index
        if back % wide == 0:
            kind = "" if back % narrow == 0 else " wide"
            first = point.first_day
            marks.append(
                words(f"{place(x)}%", _N_BASE - height - 4, show_short(n), "count" + kind)
                + words(f"{place(x)}%", _N_BASE + 16, show_start(first, period), "tick" + kind)
            )
    marks.append(words("-8", _N_BASE - 2, "n", "tick", "end"))
    return "".join(marks)


def _x(index: int, count: int) -> float:
    """Percent of the width at which a period stands."""
    return 100 * (index + 0.5) / count


def _value(score: Score, unit: Unit) -> str:
    low, high = show_score(score.low, unit), show_score(score.high, unit)
    number = show_score(score.score, unit)
    return f"{number} (95% interval {low} to {high}, {count_answers(score.n)})"


def _describe(points: Sequence[TrendPoint], unit: Unit) -> str:
    scored = [point for point in points if point.score.score is not None]
    first, last = scored[0], scored[-1]
    start, end = (f"{_value(each.score, unit)} in {each.period}" for each in (first, last))
    texts = [f"From {start} to {end}."]
    few = sum(point.score.n < SMALL_N for point in scored)
    if few:
        texts.append(f"{_periods(few)} with fewer than {SMALL_N} answers.")
    if len(points) > len(scored):
        texts.append(f"{_periods(len(points) - len(scored))} without answers.")
    return " ".join(texts)


def _periods(n: int) -> str:
    return "1 period" if n == 1 else f"{n} periods"

"""The trend as SVG text: a line of scores, the band of their intervals, and n below each period."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor

import msgspec
from markupsafe import Markup

from harken_server.insights.page.charts import column, labelled, standing, stretched, words
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

    def lines(self) -> list[float]:
        """Where grid lines are, from the lowest one up."""
        count = round((self.high - self.low) / self.step)
        return [min(self.high, self.low + index * self.step) for index in range(count + 1)]

    def y_of(self, value: float | None) -> int:
        """Whole pixels from the top of the picture; of nothing the bottom."""
        part = (self.high - (self.low if value is None else value)) / (self.high - self.low)
        return _TOP + round(PLOT_HEIGHT * part)


def draw_trend(points: Sequence[TrendPoint], overall: Score, period: Period, name: str) -> Markup:
    """The picture; a period without answers breaks the line. Empty text when there are none."""
    scored = [point.score for point in points if point.score.score is not None]
    if not scored:
        return Markup()
    axis = fit_axis(scored)
    lines = [axis.y_of(value) for value in axis.lines()]
    shapes = _across(lines, len(points), "gridline")
    if axis.low < 0 < axis.high:
        shapes += _across([axis.y_of(0)], len(points), "zero")
    if overall.score is not None and axis.low <= overall.score <= axis.high:
        shapes += _across([axis.y_of(overall.score)], len(points), "overall")
    body = [
        stretched(2 * len(points), _HEIGHT, shapes + _band_and_line(points, axis)),
        *(words(axis.y_of(value) + 4, show_score(value, overall.unit), "grade", x=-8)
          for value in axis.lines()),
        _periods(points, axis, period),
    ]  # fmt: skip
    return labelled("trend", f"{name}. {_describe(points, overall.unit)}", body)


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


def _across(places: Sequence[int], count: int, kind: str) -> str:
    """Lines over the whole width, at these pixels from the top."""
    lines = "".join(f"M0 {y}H{2 * count}" for y in places)
    return f'<path d="{lines}" class="{kind}"/>'


def _band_and_line(points: Sequence[TrendPoint], axis: Axis) -> str:
    """Runs of neighbouring periods, each two wide; y is in pixels."""
    shapes: list[str] = []
    for run in _runs(points):
        scores = [(2 * index + 1, points[index].score) for index in run]
        highs = [f"{x},{axis.y_of(s.high)}" for x, s in scores]
        lows = [f"{x},{axis.y_of(s.low)}" for x, s in scores]
        line = [f"{x},{axis.y_of(s.score)}" for x, s in scores]
        shapes.append(f'<polygon points="{" ".join(highs + lows[::-1])}" class="band"/>')
        shapes.append(f'<polyline points="{" ".join(line)}" class="line"/>')
    return "".join(shapes)


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


def _periods(points: Sequence[TrendPoint], axis: Axis, period: Period) -> str:
    """Each with its score, and below the plot a column of n: n above it, the start below."""
    in_runs = {index for run in _runs(points) for index in run}
    most = max(point.score.n for point in points)
    wide = ceil(len(points) / _WIDE_LABELS)
    narrow = wide * ceil(len(points) / wide / _NARROW_LABELS)
    marks: list[str] = []
    for index, point in enumerate(points):
        height = round(N_HEIGHT * point.score.n / most)
        parts = [_dot(point, axis, is_lone=index not in in_runs)]
        if point.score.n:
            parts.append(column(height, min(60 / len(points), 5), "volume"))
        back = len(points) - 1 - index
        if back % wide == 0:
            kind = "" if back % narrow == 0 else "wide"
            parts.append(words(-height - 4, show_short(point.score.n), kind))
            parts.append(words(16, show_start(point.first_day, period), kind))
        marks.append(standing(100 * (index + 0.5) / len(points), _N_BASE, *parts))
    return "".join(marks) + words(_N_BASE - 2, "n", "grade", x=-8)


def _dot(point: TrendPoint, axis: Axis, *, is_lone: bool) -> str:
    """The score, and of a period without neighbours the interval; above where the period stands."""
    score = point.score
    if score.score is None:
        return ""
    low, middle, high = (axis.y_of(end) - _N_BASE for end in (score.low, score.score, score.high))
    few = " thin" if score.n < SMALL_N else ""
    number, *ends = (show_score(end, score.unit) for end in (score.score, score.low, score.high))
    interval = f'<line y1="{low}" y2="{high}" class="lone"/>' if is_lone else ""
    return (
        f'{interval}<circle cy="{middle}" r="4" class="point{few}">'
        f"<title>{number} ({ends[0]} to {ends[1]})</title></circle>"
    )


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
        texts.append(f"{_some(few)} with fewer than {SMALL_N} answers.")
    if len(points) > len(scored):
        texts.append(f"{_some(len(points) - len(scored))} without answers.")
    return " ".join(texts)


def _some(n: int) -> str:
    return "1 period" if n == 1 else f"{n} periods"

"""The trend: a line of scores, the band of their intervals, limits, notes, and n below each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from markupsafe import Markup

from harken_server.insights.page.pictures.axes import Axis, axis_around
from harken_server.insights.page.pictures.canvas import (
    column,
    few,
    labelled,
    standing,
    stretched,
    words,
)
from harken_server.insights.page.words import SMALL_N
from harken_server.insights.rules.figures import (
    count_answers,
    show_interval,
    show_score,
    show_short,
    show_start,
)
from harken_server.insights.rules.scores import Score, Unit
from harken_server.insights.rules.trends import Period, TrendPoint

PLOT_HEIGHT = 176
"""Pixels between the lowest and the highest line of the grid."""
N_HEIGHT = 34
"""Pixels of the column of the busiest period."""
_TOP = 10
_N_BASE = _TOP + PLOT_HEIGHT + 22 + N_HEIGHT
_HEIGHT = _N_BASE + 24
_WIDE_LABELS, _NARROW_LABELS = 13, 5


class Limits(NamedTuple):
    """Between which ends a period's score lies as long as nothing but chance moves it."""

    low: float
    high: float
    is_out: bool | None = None
    """What a chart has judged; None: by the ends alone."""


class Note(NamedTuple):
    """What happened, in the period at this place."""

    place: int
    text: str


def draw_trend(
    points: Sequence[TrendPoint],
    overall: Score,
    period: Period,
    name: str,
    *,
    limits: Sequence[Limits | None] = (),
    notes: Sequence[Note] = (),
) -> Markup:
    """The picture; a period without answers breaks the line. Empty text when there are none.

    `limits` are one for each period, or none at all; what lies outside is ringed. The notes are
    numbered above their periods and told in full to a screen reader.
    """
    scored = [point.score for point in points if point.score.score is not None]
    if not scored:
        return Markup()
    axis = fit_axis(scored)
    shapes = _across([_y(axis, value) for value in axis.lines()], len(points), "gridline")
    if axis.low < 0 < axis.high:
        shapes += _across([_y(axis, 0)], len(points), "zero")
    if overall.score is not None and axis.low <= overall.score <= axis.high:
        shapes += _across([_y(axis, overall.score)], len(points), "overall")
    shapes += _notes(notes) + _limits(limits, axis) + _band_and_line(points, axis)
    body = [
        stretched(2 * len(points), _HEIGHT, shapes),
        *(words(_y(axis, value) + 4, show_score(value, overall.unit), "grade", x=-8)
          for value in axis.lines()),
        _periods(points, axis, period, limits),
        *(words(_TOP - 1, str(number), "flag", x=f"{100 * (note.place + 0.5) / len(points):.1f}%")
          for number, note in enumerate(notes, 1)),
    ]  # fmt: skip
    said = [f"{name}. {_describe(points, overall.unit)}", *_outside(points, limits)]
    said += [f"Note {number}, {points[note.place].period}: {note.text}."
             for number, note in enumerate(notes, 1)]  # fmt: skip
    return labelled("trend", " ".join(said), body, height=_HEIGHT)


def fit_axis(scores: Sequence[Score]) -> Axis:
    """A scale around all intervals with at most six grid lines, inside the range of the score."""
    first = scores[0]
    ends = [end for each in scores for end in (each.low, each.high) if end is not None]
    return axis_around(ends, first.unit, (first.range_low, first.range_high))


def _y(axis: Axis, value: float | None) -> int:
    """Whole pixels from the top of the picture; of nothing the bottom."""
    return _TOP + round(PLOT_HEIGHT * (1 - axis.part_of(axis.low if value is None else value)))


def _across(places: Sequence[int], count: int, kind: str) -> str:
    """Lines over the whole width, at these pixels from the top."""
    lines = "".join(f"M0 {y}H{2 * count}" for y in places)
    return f'<path d="{lines}" class="{kind}"/>'


def _band_and_line(points: Sequence[TrendPoint], axis: Axis) -> str:
    """Runs of neighbouring periods, each two wide; y is in pixels."""
    shapes: list[str] = []
    for run in _runs(points):
        scores = [(2 * index + 1, points[index].score) for index in run]
        highs = [f"{x},{_y(axis, s.high)}" for x, s in scores]
        lows = [f"{x},{_y(axis, s.low)}" for x, s in scores]
        line = [f"{x},{_y(axis, s.score)}" for x, s in scores]
        shapes.append(f'<polygon points="{" ".join(highs + lows[::-1])}" class="band"/>')
        shapes.append(f'<polyline points="{" ".join(line)}" class="line"/>')
    return "".join(shapes)


def _limits(limits: Sequence[Limits | None], axis: Axis) -> str:
    """A step a period; what lies outside the plot is not drawn."""
    steps = "".join(
        f"M{2 * index} {_y(axis, end)}h2"
        for index, each in enumerate(limits)
        if each is not None
        for end in (each.low, each.high)
        if axis.low <= end <= axis.high
    )
    return f'<path d="{steps}" class="limit"/>' if steps else ""


def _notes(notes: Sequence[Note]) -> str:
    lines = "".join(f"M{2 * note.place + 1} {_TOP}v{PLOT_HEIGHT}" for note in notes)
    return f'<path d="{lines}" class="note"/>' if lines else ""


def _is_out(point: TrendPoint, limits: Limits | None) -> bool:
    score = point.score.score
    if limits is None or score is None:
        return False
    return not limits.low <= score <= limits.high if limits.is_out is None else limits.is_out


def _outside(points: Sequence[TrendPoint], limits: Sequence[Limits | None]) -> list[str]:
    out = [
        point.period for point, each in zip(points, limits, strict=False) if _is_out(point, each)
    ]
    return [f"Outside the limits of chance: {', '.join(out)}."] if out else []


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


def _periods(
    points: Sequence[TrendPoint], axis: Axis, period: Period, limits: Sequence[Limits | None]
) -> str:
    """Each with its score, and below the plot a column of n: n above it, the start below."""
    in_runs = {index for run in _runs(points) for index in run}
    most = max(point.score.n for point in points)
    wide = ceil(len(points) / _WIDE_LABELS)
    narrow = wide * ceil(len(points) / wide / _NARROW_LABELS)
    marks: list[str] = []
    for index, point in enumerate(points):
        height = round(N_HEIGHT * point.score.n / most)
        is_out = index < len(limits) and _is_out(point, limits[index])
        parts = [_dot(point, axis, is_lone=index not in in_runs, is_out=is_out)]
        if point.score.n:
            parts.append(column(height, min(60 / len(points), 5), "volume"))
        back = len(points) - 1 - index
        if back % wide == 0:
            kind = "" if back % narrow == 0 else "wide"
            parts.append(words(-height - 4, show_short(point.score.n), kind))
            parts.append(words(16, show_start(point.first_day, period), kind))
        marks.append(standing(100 * (index + 0.5) / len(points), _N_BASE, *parts))
    return "".join(marks) + words(_N_BASE - 2, "n", "grade", x=-8)


def _dot(point: TrendPoint, axis: Axis, *, is_lone: bool, is_out: bool) -> str:
    """The score, and of a period without neighbours the interval; above where the period stands."""
    score = point.score
    if score.score is None:
        return ""
    low, middle, high = (_y(axis, end) - _N_BASE for end in (score.low, score.score, score.high))
    kind = f"point{few(score.n)}"
    ring = f'<circle cy="{middle}" r="8" class="ring"/>' if is_out else ""
    number, *ends = (show_score(end, score.unit) for end in (score.score, score.low, score.high))
    interval = f'<line y1="{low}" y2="{high}" class="lone"/>' if is_lone else ""
    return (
        f'{interval}{ring}<circle cy="{middle}" r="4" class="{kind}">'
        f"<title>{number} ({ends[0]} to {ends[1]})</title></circle>"
    )


def _value(score: Score, unit: Unit) -> str:
    interval = show_interval(score.low, score.high, unit, score.level)
    return f"{show_score(score.score, unit)} ({interval}, {count_answers(score.n)})"


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

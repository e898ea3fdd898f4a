"""Charts as SVG text: a gauge with its interval, columns of ratings, bars of shares.

Horizontal places are percentages and text keeps its size, so that one picture fits 320 px and a
wall screen alike. Colours come from classes; every colour has a word or a place beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from typing import NamedTuple

from markupsafe import Markup

from harken_server.design.markup import xml_text
from harken_server.insights.page.words import SMALL_N
from harken_server.insights.rules.distributions import ChoiceShare
from harken_server.insights.rules.figures import count_answers, show_score, show_share, show_short
from harken_server.insights.rules.groups import Tone
from harken_server.insights.rules.intervals import share_interval
from harken_server.insights.rules.scores import Score
from harken_server.kernel.numbers import write_number

COLUMN_HEIGHT = 132
"""Pixels of the tallest column of a histogram."""
_RADIUS = 104
_BESIDE = 15
"""How far outside the value's arc its interval runs."""
_MIDDLE_X, _MIDDLE_Y = 130, 126


class Segment(NamedTuple):
    """A part of a bar: what it stands for, how many answers, and its class."""

    label: str
    n: int
    kind: str


def draw_gauge(key: str, score: Score, name: str) -> Markup:
    """A half circle over the range of the score: the value as an arc, the interval thin beside it.

    The arc begins at 0 where that lies within the range.
    """
    number = show_score(score.score, score.unit)
    whole = "points" if score.unit == "index" else score.unit
    ends = [show_score(end, whole) for end in (score.range_low, score.range_high)]
    parts = [_arc(0, 1, _RADIUS, "track")]
    has_zero = score.range_low < 0 < score.range_high
    if score.score is not None and score.low is not None and score.high is not None:
        start, end = sorted((_fraction(score, 0) if has_zero else 0, _fraction(score, score.score)))
        parts.append(_arc(start, end, _RADIUS, "value"))
        low, high = _fraction(score, score.low), _fraction(score, score.high)
        parts.append(_arc(low, high, _RADIUS + _BESIDE, "spread"))
        parts += [_tick(at, _RADIUS + _BESIDE, 4, "spread") for at in (low, high)]
        parts.append(_tick(_fraction(score, score.score), _RADIUS, 10, "needle"))
    if has_zero:
        parts.append(_tick(0.5, _RADIUS, 10, "axis"))
    parts.append(words(str(_MIDDLE_X), 108, number, "big"))
    parts.append(words(str(_MIDDLE_X - _RADIUS), 148, ends[0], "tick"))
    parts.append(words(str(_MIDDLE_X + _RADIUS), 148, ends[1], "tick"))
    return labelled(
        key,
        f"{name}: {number}",
        describe_interval(score),
        'class="gauge" viewBox="0 0 260 152"',
        "".join(parts),
    )


def describe_interval(score: Score) -> str:
    """The interval and n in words."""
    if score.score is None:
        return "No answers yet."
    low, high = show_score(score.low, score.unit), show_score(score.high, score.unit)
    return f"95% interval {low} to {high}, {count_answers(score.n)}."


def draw_columns(key: str, score: Score, tones: Sequence[Tone], name: str) -> Markup:
    """A column a rating, its height in proportion to the people who chose it."""
    counts = list(score.counts.items())
    tallest = max((n for _, n in counts), default=0) or 1
    step = 100 / len(counts)
    base = COLUMN_HEIGHT + 18
    parts: list[str] = []
    for index, ((rating, n), tone) in enumerate(zip(counts, tones, strict=True)):
        height = COLUMN_HEIGHT * n / tallest
        middle = f"{place((index + 0.5) * step)}%"
        parts.append(
            f'<rect x="{place((index + 0.12) * step)}%" width="{place(0.76 * step)}%" '
            f'y="{place(base - height)}" height="{place(height)}" rx="3" class="{tone}">'
            f"<title>{rating}: {n:,}</title></rect>"
        )
        parts.append(words(middle, base - height - 5, show_short(n), "count"))
        parts.append(words(middle, base + 16, rating, "tick"))
    parts.append(f'<line x1="0" x2="100%" y1="{base}" y2="{base}" class="axis"/>')
    most = max(counts, key=lambda pair: pair[1])
    number = show_score(score.score, score.unit)
    description = f"Score {number}, {describe_interval(score)} Most often {most[0]} ({most[1]:,})."
    return labelled(
        key,
        name,
        description,
        f'class="columns" width="100%" height="{base + 24}"',
        "".join(parts),
    )


def draw_stack(key: str, title: str, n: int, segments: Sequence[Segment]) -> Markup:
    """One bar of `n` answers, cut; segments of 9 % and more are lettered (14 % on narrow screens).

    For screen readers each has its share and interval.
    """
    parts: list[str] = []
    start = 0.0
    for label, size, kind in segments:
        percent = 100 * size / n if n else 0.0
        if percent > 0:
            parts.append(
                f'<rect x="{place(start)}%" width="{place(percent)}%" y="0" height="26" '
                f'class="{kind} cut{_few(n)}">'
                f"<title>{xml_text(label)}: {show_share(percent)}</title></rect>"
            )
        if percent >= 9:
            middle = f"{place(start + percent / 2)}%"
            narrow = "" if percent >= 14 else " wide"
            parts.append(words(middle, 17.5, show_share(percent), f"on on-{kind}{narrow}"))
        start += percent
    said = [f"{label} {_share_and_interval(size, n)}" for label, size, _ in segments if n]
    description = f"{', '.join(said)}; {count_answers(n)}." if said else "No answers yet."
    return labelled(
        key, title, description, 'class="cut-bar" width="100%" height="26"', "".join(parts)
    )


def draw_share(key: str, choice: ChoiceShare, label: str) -> Markup:
    """A horizontal bar for a share of 0 to 100 %, with its Wilson interval as a whisker."""
    share = choice.share or 0
    parts = [
        '<rect width="100%" height="14" y="3" rx="4" class="track"/>',
        f'<rect width="{place(share)}%" height="14" y="3" rx="4" class="bar{_few(choice.of)}"/>',
    ]
    description = f"{choice.n:,} of {count_answers(choice.of)}"
    if choice.low is not None and choice.high is not None:
        low, high = f"{place(choice.low)}%", f"{place(choice.high)}%"
        parts.append(f'<line x1="{low}" x2="{high}" y1="10" y2="10" class="whisker"/>')
        parts += [
            f'<line x1="{end}" x2="{end}" y1="6" y2="14" class="whisker"/>' for end in (low, high)
        ]
        ends = f"{show_share(choice.low)} to {show_share(choice.high)}"
        description = f"{description}, 95% interval {ends}"
    return labelled(
        key,
        f"{label}: {show_share(choice.share)}",
        description,
        'class="share" width="100%" height="20"',
        "".join(parts),
    )


def labelled(key: str, title: str, description: str, attributes: str, body: str) -> Markup:
    """An `<svg>` that names itself to a screen reader; `body` is markup made by this package."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="{key}-t {key}-d" {attributes}>'
        f'<title id="{key}-t">{xml_text(title)}</title>'
        f'<desc id="{key}-d">{xml_text(description)}</desc>{body}</svg>'
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
    where = f'x="{x}" y="{place(y)}" text-anchor="{anchor}"'
    return f'<text {where} class="{kind}">{xml_text(text)}</text>'


def _few(n: int) -> str:
    """A class for what rests on few answers."""
    return " thin" if n < SMALL_N else ""


def _share_and_interval(hits: int, n: int) -> str:
    low, high = (show_share(100 * end) for end in share_interval(hits, n))
    return f"{show_share(100 * hits / n)} (95% interval {low} to {high})"


def _fraction(score: Score, value: float) -> float:
    return (value - score.range_low) / (score.range_high - score.range_low)


def _point(fraction: float, radius: float) -> tuple[float, float]:
    angle = pi * (1 - fraction)
    return _MIDDLE_X + radius * cos(angle), _MIDDLE_Y - radius * sin(angle)


def _arc(start: float, end: float, radius: int, kind: str) -> str:
    x1, y1 = _point(start, radius)
    x2, y2 = _point(end, radius)
    return (
        f'<path d="M{place(x1)} {place(y1)}A{radius} {radius} 0 0 1 {place(x2)} {place(y2)}" '
        f'class="arc {kind}"/>'
    )


def _tick(fraction: float, radius: int, half: int, kind: str) -> str:
    """A short line across the arc of that radius."""
    x1, y1 = _point(fraction, radius - half)
    x2, y2 = _point(fraction, radius + half)
    return (
        f'<line x1="{place(x1)}" y1="{place(y1)}" x2="{place(x2)}" y2="{place(y2)}" '
        f'class="{kind}"/>'
    )

"""Pictures of one score and of shares: a gauge with its interval, columns of ratings, bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from harken_server.design.markup import xml_text
from harken_server.insights.page.pictures.canvas import (
    column,
    few,
    labelled,
    place,
    standing,
    stretched,
    words,
)
from harken_server.insights.rules.distributions import ChoiceShare
from harken_server.insights.rules.figures import (
    count_answers,
    show_interval,
    show_score,
    show_share,
    show_short,
    show_signed,
)
from harken_server.insights.rules.groups import Tone
from harken_server.insights.rules.intervals import USUAL_LEVEL, share_interval
from harken_server.insights.rules.scores import Score

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


def draw_gauge(score: Score, name: str) -> Markup:
    """A half circle over the range of the score: the value as an arc, the interval thin beside it.

    The arc begins at 0 where that lies within the range.
    """
    number = show_signed(score.score, score.unit)
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
    parts.append(words(108, number, "big", x=_MIDDLE_X))
    parts.append(words(148, ends[0], x=_MIDDLE_X - _RADIUS))
    parts.append(words(148, ends[1], x=_MIDDLE_X + _RADIUS))
    said = f"{name}: {number}. {describe_interval(score)}"
    return labelled("gauge", said, parts, height=152, box="0 0 260 152")


def describe_interval(score: Score) -> str:
    """The interval and n in words."""
    if score.score is None:
        return "No answers yet."
    interval = show_interval(score.low, score.high, score.unit, score.level)
    return f"{interval}, {count_answers(score.n)}."


def draw_columns(score: Score, tones: Sequence[Tone], name: str) -> Markup:
    """A column a rating, its height in proportion to the people who chose it."""
    counts = list(score.counts.items())
    tallest = max((n for _, n in counts), default=0) or 1
    step = 100 / len(counts)
    base = COLUMN_HEIGHT + 18
    parts = [
        standing(
            (index + 0.5) * step, base,
            column(height := round(COLUMN_HEIGHT * n / tallest), 0.76 * step, tone),
            words(-height - 5, show_short(n)),
            words(16, rating),
        )
        for index, ((rating, n), tone) in enumerate(zip(counts, tones, strict=True))
    ]  # fmt: skip
    parts.append(f'<line x1="0" x2="100%" y1="{base}" y2="{base}" class="axis"/>')
    most = max(counts, key=lambda pair: pair[1])
    said = f"{name}. {count_answers(score.n)}, most often {most[0]} ({most[1]:,})."
    return labelled("columns", said, parts, height=COLUMN_HEIGHT + 42)


def draw_stack(title: str, n: int, segments: Sequence[Segment]) -> Markup:
    """One bar of `n` answers, cut; segments of 9 % and more are lettered (14 % on narrow screens).

    For screen readers each has its share and interval.
    """
    parts: list[str] = []
    start = 0.0
    for label, size, kind in segments:
        percent = 100 * size / n if n else 0.0
        if percent > 0:
            parts.append(
                f'<rect x="{place(start)}%" width="{place(percent)}%" height="26" '
                f'class="{kind} cut{few(n)}">'
                f"<title>{xml_text(label)}: {show_share(percent)}</title></rect>"
            )
        if percent >= 9:
            narrow = "" if percent >= 14 else " wide"
            middle = f"{place(start + percent / 2)}%"
            parts.append(words(17.5, show_share(percent), f"on on-{kind}{narrow}", x=middle))
        start += percent
    said = [f"{label} {_share_and_interval(size, n)}" for label, size, _ in segments if n]
    shares = f"{', '.join(said)}; {count_answers(n)}." if said else "No answers yet."
    return labelled("cut-bar", f"{title}: {shares}", parts, height=26)


def draw_share(choice: ChoiceShare, label: str, level: float = USUAL_LEVEL) -> Markup:
    """A horizontal bar for a share of 0 to 100 %, with its Wilson interval as a whisker.

    `level` is that of the interval.
    """
    share = choice.share or 0
    parts = [
        '<rect width="100%" height="14" y="3" rx="4" class="track"/>',
        f'<rect width="{place(share)}%" height="14" y="3" rx="4" class="bar{few(choice.of)}"/>',
    ]
    said = f"{label}: {show_share(choice.share)}, {choice.n:,} of {count_answers(choice.of)}"
    if choice.low is not None and choice.high is not None:
        low, high = (round(10 * end) for end in (choice.low, choice.high))
        whisker = f'<path d="M{low} 10H{high}M{low} 6v8M{high} 6v8" class="whisker"/>'
        parts.append(stretched(1000, 20, whisker))
        said += f", {show_interval(choice.low, choice.high, 'percent', level)}"
    return labelled("share", said, parts, height=20)


def _share_and_interval(hits: int, n: int) -> str:
    low, high = (100 * end for end in share_interval(hits, n))
    interval = show_interval(low, high, "percent", USUAL_LEVEL)
    return f"{show_share(100 * hits / n)} ({interval})"


def _fraction(score: Score, value: float) -> float:
    return (value - score.range_low) / (score.range_high - score.range_low)


def _arc(start: float, end: float, radius: int, kind: str) -> str:
    """The part of the half circle between two fractions of it, as a dash behind a gap."""
    dash = f"0 {place(100 * start)} {place(100 * (end - start))} 100"
    half = f"M{_MIDDLE_X - radius} {_MIDDLE_Y}a{radius} {radius} 0 0 1 {2 * radius} 0"
    return f'<path d="{half}" pathLength="100" stroke-dasharray="{dash}" class="arc {kind}"/>'


def _tick(fraction: float, radius: int, half: int, kind: str) -> str:
    """A short line across the arc of that radius."""
    line = f"M{_MIDDLE_X - radius - half} {_MIDDLE_Y}h{2 * half}"
    turn = f"rotate({place(180 * fraction)} {_MIDDLE_X} {_MIDDLE_Y})"
    return f'<path d="{line}" transform="{turn}" class="{kind}"/>'

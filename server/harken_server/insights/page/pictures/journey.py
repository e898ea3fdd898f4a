"""A journey, stage by stage: its score, how it moved, who goes no further, and where none asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from harken_server.design.sparkline import HEIGHT, WIDTH, sparkline_end, sparkline_path
from harken_server.insights.page.pictures.axes import Axis
from harken_server.insights.page.pictures.canvas import cut, few, labelled, place, words
from harken_server.insights.page.pictures.ranges import BAR_HEIGHT, Ranged, draw_bar
from harken_server.insights.rules.figures import (
    count_answers,
    show_interval,
    show_score,
    show_share,
)
from harken_server.insights.rules.intervals import USUAL_LEVEL

_ROW, _TOP, _LAST = 124, 8, 100
"""Pixels of a row, above the first one, and of the last, which nobody leaves."""
_LEFT = 28
"""Where words and bars begin, beside the way."""
_MIDDLE, _MOST_WIDE = 10, 16
"""Of the way: where it runs, and how wide it is where most people pass."""
_LETTERS = 24
_SCALE = Axis(0, 100, 25)
NO_SURVEY = "No survey here"


class Stage(NamedTuple):
    """A stage; one that is not `asks` has no survey, without a score nobody has answered."""

    label: str
    asks: bool = True
    score: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    change: str = ""
    """How it moved, in two or three words."""
    trend: tuple[float | None, ...] = ()
    """Its score lately, oldest first; None is a gap."""
    people: int = 0
    """Named people who passed it, as far as that is known."""
    went_on: int = 0
    """Of these, who passed a later stage."""
    is_hidden: bool = False
    """Of too few people to be shown."""
    level: float = USUAL_LEVEL
    """Of the interval."""


def draw_journey(name: str, stages: Sequence[Stage]) -> Markup:
    """From the top down, on a way that is as wide as people pass; scores on one scale, 0 to 100."""
    most = max((stage.people for stage in stages), default=0)
    last = len(stages) - 1
    parts = [
        f'<svg y="{_TOP + index * _ROW}" height="{_ROW}">'
        f"{_came(stage) if index == last else _way(stage, most)}{_stage(stage)}</svg>"
        for index, stage in enumerate(stages)
    ]
    told = [_say(stage, is_last=index == last) for index, stage in enumerate(stages)]
    said = " ".join(f"{each}." for each in told)
    height = _TOP + max(last, 0) * _ROW + _LAST
    return labelled("journey", f"{name}. {said or 'No stages yet.'}", parts, height=height)


def say_lost(stage: Stage) -> str:
    """Who goes no further; empty where nobody is known to have come."""
    if not stage.people:
        return ""
    lost, share = _lost(stage)
    return f"{lost} ({share})"


def _way(stage: Stage, most: int) -> str:
    """Down to the next stage, narrower by those who leave; a thin line where none is known."""
    end = _ROW + 4
    if not stage.people:
        kind = "way" if stage.asks else "way gap"
        return f'<line x1="{_MIDDLE}" x2="{_MIDDLE}" y1="20" y2="{end}" class="{kind}"/>'
    above, below = (
        max(1.5, _MOST_WIDE * people / most / 2) for people in (stage.people, stage.went_on)
    )
    ends = [f"{_MIDDLE - above:.3g},20", f"{_MIDDLE + above:.3g},20",
            f"{_MIDDLE + below:.3g},{end}", f"{_MIDDLE - below:.3g},{end}"]  # fmt: skip
    band = f'<polygon points="{" ".join(ends)}" class="flow"/>'
    lost, share = _lost(stage)
    after = f"after {cut(stage.label, _LETTERS)} ({share})"
    return (
        f"{band}{words(_ROW - 32, f'↓ {lost}', 'start', x=_LEFT)}"
        f"{words(_ROW - 17, after, 'start', x=_LEFT + 13)}"
    )


def _lost(stage: Stage) -> tuple[str, str]:
    """Who goes no further, and which share that is."""
    lost = stage.people - stage.went_on
    told = f"{lost:,} of {stage.people:,} people go no further"
    return told, show_share(100 * lost / stage.people)


def _came(stage: Stage) -> str:
    """Who passed the last one, which nobody leaves."""
    told = f"{stage.people:,} {'person' if stage.people == 1 else 'people'} came"
    return words(_ROW - 32, told, "start", x=_LEFT) if stage.people else ""


def _stage(stage: Stage) -> str:
    label = words(16, cut(stage.label, _LETTERS), "strong start", x=_LEFT)
    if stage.score is None or stage.is_hidden:
        kind = "node thin" if stage.asks else "node gap"
        node = f'<circle cx="{_MIDDLE}" cy="12" r="7" class="{kind}"/>'
        return f"{node}{label}{words(36, _why(stage).capitalize(), 'start', x=_LEFT)}"
    node = f'<circle cx="{_MIDDLE}" cy="12" r="7" class="node{few(stage.n)}"/>'
    ranged = Ranged(stage.label, stage.score, stage.low, stage.high, stage.n)
    at = f"{place(100 * _SCALE.part_of(stage.score))}%"
    number = words(-5, show_score(stage.score, "index"), "figure", x=at)
    bar = number + "".join(draw_bar(ranged, _SCALE, None))
    low, high = (show_score(end, "index") for end in (stage.low, stage.high))
    doubt = words(74, f"{low} to {high} · {count_answers(stage.n)}", "start", x=_LEFT)
    change = words(16, stage.change, "end", x="100%") if stage.change else ""
    scale = f'<svg x="{_LEFT}" y="42" width="60%" height="{BAR_HEIGHT}">{bar}</svg>'
    return f"{node}{label}{scale}{_trend(stage.trend)}{doubt}{change}"


def _trend(trend: Sequence[float | None]) -> str:
    path = sparkline_path(trend)
    if not path:
        return ""
    return (
        f'<svg x="72%" width="27%" y="30" height="26" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' preserveAspectRatio="none"><path d="{path}" class="line"/>'
        f'<path d="{sparkline_end(trend)}" class="line last"/></svg>'
    )


def _why(stage: Stage) -> str:
    """Why it has no number."""
    if not stage.asks:
        return NO_SURVEY.lower()
    return "hidden, too few answers" if stage.is_hidden else "no answers yet"


def _say(stage: Stage, *, is_last: bool) -> str:
    told = [_why(stage)]
    if stage.score is not None and not stage.is_hidden:
        interval = show_interval(stage.low, stage.high, "index", stage.level)
        told = [show_score(stage.score, "index"), interval, count_answers(stage.n)]
        told += [stage.change] if stage.change else []
        known = [each for each in stage.trend if each is not None]
        if len(known) > 1:
            first, last = (show_score(each, "index") for each in (known[0], known[-1]))
            told.append(f"week by week from {first} to {last}")
    if not is_last and stage.people:
        told.append(say_lost(stage))
    elif stage.people:
        told.append(f"{stage.people:,} people")
    return f"{stage.label}: {', '.join(told)}"

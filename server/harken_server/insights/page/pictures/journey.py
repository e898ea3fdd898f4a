"""A journey, stage by stage: its score, how it moved, who goes on, and where nobody is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from harken_server.design.sparkline import HEIGHT, WIDTH, sparkline_path
from harken_server.insights.page.pictures.canvas import cut, few, labelled, place, words
from harken_server.insights.rules.figures import count_answers, show_score, show_share
from harken_server.insights.rules.scores import Unit

_ROW, _TOP = 64, 8
_LETTERS = 24
NO_SURVEY = "No survey here"


class Stage(NamedTuple):
    """A stage; without a unit no survey asks there, without a score nobody has answered."""

    label: str
    unit: Unit | None = None
    score: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    trend: tuple[float | None, ...] = ()
    """Its score lately, oldest first; None is a gap."""
    going_on: float | None = None
    """The percentage of its people who reach the next stage, where that is known."""
    is_hidden: bool = False
    """Of too few people to be shown."""


def draw_journey(name: str, stages: Sequence[Stage]) -> Markup:
    """From the top down, on a line that is broken where no survey asks."""
    parts = [
        f'<svg y="{_TOP + index * _ROW}" height="{_ROW}">'
        f"{_way(stage, is_last=index + 1 == len(stages))}{_stage(stage)}</svg>"
        for index, stage in enumerate(stages)
    ]
    said = " ".join(f"{_say(stage)}." for stage in stages)
    height = _TOP + len(stages) * _ROW
    return labelled("journey", f"{name}. {said or 'No stages yet.'}", parts, height=height)


def _way(stage: Stage, *, is_last: bool) -> str:
    """The line down to the next stage, with who goes on beside it."""
    if is_last:
        return ""
    kind = "way" if stage.unit else "way gap"
    line = f'<line x1="9" x2="9" y1="20" y2="{_ROW + 4}" class="{kind}"/>'
    if stage.going_on is None:
        return line
    return line + words(_ROW - 6, f"{show_share(stage.going_on)} go on", "start", x=24)


def _stage(stage: Stage) -> str:
    label = words(16, cut(stage.label, _LETTERS), "strong start", x=24)
    if stage.unit is None:
        node = '<circle cx="9" cy="12" r="7" class="node gap"/>'
        return f"{node}{label}{words(34, NO_SURVEY, 'start', x=24)}"
    node = f'<circle cx="9" cy="12" r="7" class="node{few(stage.n)}"/>'
    if stage.is_hidden or stage.score is None:
        why = "Hidden: too few answers" if stage.is_hidden else "No answers yet"
        return f"{node}{label}{words(34, why, 'start', x=24)}"
    low, high = (show_score(end, stage.unit) for end in (stage.low, stage.high))
    number = words(17, show_score(stage.score, stage.unit), "figure end", x="100%")
    doubt = words(34, f"{low} to {high} · n {stage.n:,}", "start", x=24)
    return f"{node}{label}{number}{doubt}{_trend(stage.trend)}"


def _trend(trend: Sequence[float | None]) -> str:
    path = sparkline_path(trend)
    if not path:
        return ""
    return (
        f'<svg x="72%" width="28%" y="24" height="24" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' preserveAspectRatio="none"><path d="{path}" class="line"/></svg>'
    )


def _say(stage: Stage) -> str:
    if stage.unit is None:
        return f"{stage.label}: {NO_SURVEY.lower()}"
    if stage.is_hidden:
        return f"{stage.label}: hidden, too few answers"
    if stage.score is None:
        return f"{stage.label}: no answers yet"
    number, low, high = (
        show_score(value, stage.unit) for value in (stage.score, stage.low, stage.high)
    )
    on = f", {place(stage.going_on)}% go on" if stage.going_on is not None else ""
    return f"{stage.label}: {number}, 95% interval {low} to {high}, {count_answers(stage.n)}{on}"

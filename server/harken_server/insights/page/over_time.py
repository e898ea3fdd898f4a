"""What stands on a trend beside its line: the limits of chance, and what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harken_server.insights.page.pictures.trend import Limits, Note
from harken_server.insights.page.standing_out import told_standouts
from harken_server.insights.page.view import ResultsView
from harken_server.insights.rules.control.control import control
from harken_server.insights.rules.control.records import ControlPoint
from harken_server.insights.rules.scores import Score, is_weighted
from harken_server.insights.rules.trends import Period, TrendPoint
from harken_server.insights.store.annotations import Annotation

MOST_NOTES = 9
"""On one picture, the latest: more would hide its line."""


class Watched(NamedTuple):
    """One trend as it is judged."""

    says: str
    """Whether anything is unusual, in a sentence; empty where nobody answered."""
    limits: tuple[Limits | None, ...]
    notes: tuple[Note, ...]


def watched(
    score: Score, points: Sequence[TrendPoint], period: Period, happened: Sequence[Annotation]
) -> Watched:
    """By the rule `watch`, whose false alarms are one in a hundred years."""
    # Limits are of answers that count once each.
    judged = None if is_weighted([score]) else control(score, points, "watch", period)
    notes = tuple(
        Note(place, f"{each.title} ({each.date.isoformat()})")
        for each in happened
        if (place := _place(points, each)) is not None
    )[-MOST_NOTES:]
    if judged is None:
        return Watched("", (), notes)
    return Watched(judged.says, tuple(_limits(each) for each in judged.points), notes)


def says_of(view: ResultsView, score: Score, seen: Watched) -> str:
    """What is said below the picture: nothing that could be read as denying what a group did."""
    of_group = any(each.group is not None for each in told_standouts(view))
    is_quiet = not any(each is not None and each.is_out for each in seen.limits)
    return "" if is_quiet and of_group and score.question == view.about else seen.says


def _place(points: Sequence[TrendPoint], happened: Annotation) -> int | None:
    for place, point in enumerate(points):
        if point.first_day <= happened.date <= point.last_day:
            return place
    return None


def _limits(point: ControlPoint) -> Limits | None:
    if point.low is None or point.high is None:
        return None
    return Limits(point.low, point.high, point.is_out)

"""The panel of a breakdown: a row a group, its range on the common scale, and how it moved."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from markupsafe import Markup

from harken_server.insights.page import tables, words
from harken_server.insights.page.change import is_sure
from harken_server.insights.page.drawn import MOST_GROUPS, NO_GROUP, ranged_groups
from harken_server.insights.page.group_changes import group_link, surely_beside_rest
from harken_server.insights.page.moments import say_beside, say_change, say_move
from harken_server.insights.page.pictures.ranges import Ranged, draw_range, scale_of
from harken_server.insights.page.tables import Table
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.rules.comparing.breakdowns import GroupScores
from harken_server.insights.rules.figures import count_answers, show_score
from harken_server.insights.rules.scores import Score


class GroupRow(msgspec.Struct, kw_only=True, frozen=True):
    """One group."""

    name: str
    href: str
    value: str
    n: str
    svg: Markup
    rest: str
    """How far from everybody else, where that is no chance."""
    kind: str
    change: str
    is_thin: bool
    """Whether there are too few answers to tell it from the rest."""


class BreakdownPanel(msgspec.Struct, kw_only=True, frozen=True):
    """All groups of one question."""

    by: str
    about: str
    metric: str
    rows: tuple[GroupRow, ...]
    more: int
    """Groups that only the file has."""
    low: str
    high: str
    overall: str
    table: Table
    csv: str
    picture: str


def breakdown_panel(view: ResultsView) -> BreakdownPanel | None:
    """None where nothing is broken down, or nobody is in a group."""
    scores = [score for score in view.scores if score.question == view.about]
    if view.groups is None or not view.groups.groups or not scores:
        return None
    score, groups, by = scores[0], view.groups.groups, view.groups.by
    shown = sorted(groups[:MOST_GROUPS], key=lambda group: -(group.scores[0].score or 0))
    ranged = ranged_groups(shown, score.question)
    axis = scale_of(ranged, score.unit, (score.range_low, score.range_high))
    with_answers = [group for group in shown if group.scores[0].n]
    rows = [
        _row(view, group, one, draw_range(one, axis, score.unit, score.score))
        for group, one in zip(with_answers, ranged, strict=True)
    ]
    texts = {question.key: question.text for question in view.survey.questions}
    asked = {"by": by, "about": view.about}
    return BreakdownPanel(
        by=by,
        about=say(view, texts[view.about]),
        metric=words.name_metric(score),
        rows=tuple(rows),
        more=max(0, len(groups) - MOST_GROUPS),
        low=show_score(axis.low, score.unit),
        high=show_score(axis.high, score.unit),
        overall=show_score(score.score, score.unit),
        table=tables.tabulate_breakdown(by, groups[:MOST_GROUPS]),
        csv=view.link("/breakdown.csv", **asked),
        picture=view.link("/breakdown.svg", **asked),
    )


def _row(view: ResultsView, group: GroupScores, one: Ranged, svg: Markup) -> GroupRow:
    by, score = view.groups.by if view.groups else "", group.scores[0]
    rest, kind = _rest(group, score, view.groups.groups if view.groups else ())
    return GroupRow(
        name=one.label,
        href=group_link(view, by, group.group) if one.label != NO_GROUP else "",
        value=show_score(score.score, score.unit),
        n=count_answers(score.n),
        svg=svg,
        is_thin=score.n < words.SMALL_N and not rest,
        rest=rest,
        kind=kind,
        change=_change(view, group, score),
    )


def _rest(group: GroupScores, score: Score, groups: Sequence[GroupScores]) -> tuple[str, str]:
    for each in surely_beside_rest(group, groups):
        move = say_move(each.by, score.unit).rpartition(" ")[2]
        is_good = (each.by > 0) == (score.direction == "higher_is_better")
        way = "above" if each.by > 0 else "below"
        return (f"{move} {way} the rest" if move else ""), "good" if is_good else "bad"
    return "", ""


def _change(view: ResultsView, group: GroupScores, score: Score) -> str:
    if group.change is msgspec.UNSET or not group.change or view.beside is None:
        return ""
    if not is_sure(group.change[0]):
        return ""
    return say_change(group.change[0], score.unit, say_beside(view.selection, view.days_beside))

"""The panel of a breakdown: a row a group, its range on the common scale, and how it moved."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from harken_server.insights.page import tables, words
from harken_server.insights.page.change import is_likely, is_sure, kind_of
from harken_server.insights.page.drawn import MOST_GROUPS, NO_GROUP, ranged_groups
from harken_server.insights.page.group_changes import beside_rest, group_link, reversal, way
from harken_server.insights.page.moments import say_beside, say_change, say_move, say_period
from harken_server.insights.page.pictures.ranges import Ranged, draw_range, draw_scale, scale_of
from harken_server.insights.page.standing_out import only_by
from harken_server.insights.page.tables import Table
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.rules.comparing.breakdowns import GroupScores
from harken_server.insights.rules.figures import count_answers, show_signed
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
    scale: Markup
    """What the bars of all rows are on."""
    table: Table
    csv: str
    picture: str


def breakdown_panel(view: ResultsView) -> BreakdownPanel | None:
    """None where nothing is broken down, or nobody is in a group."""
    scores = [score for score in view.scores if score.question == view.about]
    if view.groups is None or not view.groups.groups or not scores:
        return None
    score, groups, by = scores[0], view.groups.groups, view.groups.by
    shown = sorted(groups[:MOST_GROUPS], key=_order)
    ranged = ranged_groups(shown, score.question)
    proven = [one for one in ranged if one.n >= words.SMALL_N] or ranged
    axis = scale_of(proven, score.unit, (score.range_low, score.range_high))
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
        scale=draw_scale(axis, score.unit, score.score),
        table=tables.tabulate_breakdown(by, groups[:MOST_GROUPS]),
        csv=view.link("/breakdown.csv", **asked),
        picture=view.link("/breakdown.svg", **asked),
    )


def _row(view: ResultsView, group: GroupScores, one: Ranged, svg: Markup) -> GroupRow:
    by, score = view.groups.by if view.groups else "", group.scores[0]
    rest, kind = _rest(view, group, score)
    return GroupRow(
        name=one.label,
        href=group_link(view, by, group.group) if one.label != NO_GROUP else "",
        value=show_signed(score.score, score.unit),
        n=count_answers(score.n),
        svg=svg,
        is_thin=score.n < words.SMALL_N and not rest,
        rest=rest,
        kind=kind,
        change=_change(view, group, score),
    )


def _order(group: GroupScores) -> tuple[bool, float]:
    """The highest score first; those of few answers at the end."""
    score = group.scores[0]
    return score.n < words.SMALL_N, -(score.score or 0)


def _rest(view: ResultsView, group: GroupScores, score: Score) -> tuple[str, str]:
    """How far from the rest, in colour only where that stands among what stands out."""
    for each in beside_rest(group, view.groups.groups if view.groups else ()):
        move = say_move(each.by, score.unit).rpartition(" ")[2]
        told = f"{move} {way(each.by)} the rest"
        if not move or not is_likely(each):
            continue
        alone = only_by(view, group)
        if alone is not None:
            return f"{told}, {say_period(alone.start, view.period)} alone", "quiet"
        if not is_sure(each):
            return f"{told}; could be chance", "quiet"
        return told, kind_of(each.by, score)
    return "", "quiet"


def _change(view: ResultsView, group: GroupScores, score: Score) -> str:
    """Where it is sure; where the total misleads, of each group."""
    if group.change is msgspec.UNSET or not group.change or view.beside is None:
        return ""
    change, beside = group.change[0], say_beside(view.selection, view.days_beside)
    if is_sure(change):
        return say_change(change, score.unit, beside)
    move = say_move(change.by, score.unit)
    return f"{move} {beside}; could be chance" if move and reversal(view) else ""

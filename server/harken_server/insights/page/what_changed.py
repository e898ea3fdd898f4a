"""What changed by more than chance: the surest first, with what may be why beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from harken_server.insights.page.change import (
    SURE,
    Change,
    is_likely,
    is_sure,
    kind_of,
    say_apart,
    verb,
)
from harken_server.insights.page.drawn import NO_GROUP
from harken_server.insights.page.group_changes import (
    beside_rest,
    fell_with,
    group_changes,
    group_link,
    reversal,
)
from harken_server.insights.page.moments import (
    say_beside,
    say_chance,
    say_date,
    say_days,
    say_period,
)
from harken_server.insights.page.panels.further import place_of
from harken_server.insights.page.selection import LOW
from harken_server.insights.page.standing_out import only_by, told_standouts
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.rules.comparing.standouts import Standout
from harken_server.insights.rules.comparing.steps import Step
from harken_server.insights.rules.figures import count_answers, show_signed
from harken_server.insights.rules.trends import period_end

MOST = 5
"""Told in full; the others are named."""
MOST_OF_A_GROUP = 2
MOST_NAMED = 6


class Told(NamedTuple):
    """All that is no chance: a few in full, the others by name."""

    whole: list[Change]
    named: list[Change]
    more: int
    """Others, not even named."""


def changes_of(view: ResultsView) -> Told:
    """The surest standout, of which comments are quoted, is the first in full; but for a mix that
    turns the total round."""
    standouts, many = _standouts(view)
    turned = reversal(view)
    steps = [_step(view, each) for each in view.steps if _moved(each)]
    others = [*standouts[1:], *_scores(view, but=fell_with(view) if turned else [])]
    others = sorted([*others, *group_changes(view)], key=lambda one: one.p)
    if turned:
        every = [turned.change, *standouts[:1], *steps, *others]
    else:
        every = [*standouts[:1], *steps, *others]
    left = [*every[MOST:], *many]
    return Told(every[:MOST], left[:MOST_NAMED], max(0, len(left) - MOST_NAMED))


def nothing_changed(view: ResultsView) -> str:
    """What is said where nothing did."""
    made = comparisons_of(view)
    if not made:
        return "Too few answers to tell what changed: nothing is compared below 5 answers each."
    return f"Nothing stands out by more than chance, in {made:,} comparisons."


def comparisons_of(view: ResultsView) -> int:
    """How many were made, all of which are taken in."""
    made = len(view.changes) + len(view.steps)
    if view.groups is not None:
        made += view.groups.looked.comparisons + 2 * len(view.groups.groups)
    return made


def unmoved_by(view: ResultsView) -> str:
    """After which events the score did not surely move; empty where there are none."""
    events = [each.event for each in view.steps if not _moved(each)]
    named = ", ".join(f"{event.title} ({say_date(event.day)})" for event in events)
    return f"No sure change after: {named}." if named else ""


def _standouts(view: ResultsView) -> tuple[list[Change], list[Change]]:
    """A few of each group, and the others."""
    if view.groups is None:
        return [], []
    found: list[Change] = []
    many: list[Change] = []
    seen: dict[str | None, int] = {}
    for each in told_standouts(view):
        seen[each.group] = seen.get(each.group, 0) + 1
        told = _standout(view, each, view.groups.by, is_first=not found)
        (found if seen[each.group] <= MOST_OF_A_GROUP else many).append(told)
    return found, many


def _standout(view: ResultsView, one: Standout, by: str, *, is_first: bool) -> Change:
    unit, period = one.score.unit, view.period
    name = "Everybody" if one.group is None else one.group or NO_GROUP
    first = max(one.start, view.first_day.toordinal() if view.first_day else 0)
    last = min(period_end(one.start, period), view.last_day.toordinal())
    days = {"days": "custom", "from": date.fromordinal(first).isoformat(),
            "to": date.fromordinal(last).isoformat()}  # fmt: skip
    kind = kind_of(one.difference.by, one.score)
    if kind == "bad":
        days["tone"] = LOW
    href = view.link(**days) if not one.group else group_link(view, by, one.group, **days)
    usual = show_signed(one.usual.score, unit)
    return Change(
        title=f"{name} {verb(one.difference.by)} {say_period(one.start, period)}",
        detail=f"{show_signed(one.score.score, unit)} against {usual} in other {period}s, from "
        f"{count_answers(one.score.n)}, {say_days(one.start, period)}.{_otherwise(view, one)}",
        chance=say_chance(one.p_corrected),
        arrow=_arrow(one.difference.by),
        kind=kind,
        href=href,
        p=one.p_corrected,
        reason=_reason(view) if is_first else "",
        is_standout=True,
    )


def _otherwise(view: ResultsView, one: Standout) -> str:
    """Where a group differs from the rest by this alone."""
    groups = view.groups.groups if view.groups else []
    for group in groups:
        is_apart = any(is_likely(each) for each in beside_rest(group, groups))
        if is_apart and only_by(view, group) == one:
            return " At other times it is like the rest."
    return ""


def _reason(view: ResultsView) -> str:
    """The question that moved furthest with the surest standout."""
    if not view.reasons:
        return ""
    one = view.reasons[0]
    texts = {question.key: question.text for question in view.survey.questions}
    unit = one.score.unit
    return (
        f"“{say(view, texts[one.question]).rstrip('.')}” {verb(one.difference.by)} most with it: "
        f"{show_signed(one.score.score, unit)} against {show_signed(one.usual.score, unit)}."
    )


def _moved(step: Step) -> bool:
    return step.is_sure and step.p_corrected <= SURE


def _step(view: ResultsView, one: Step) -> Change:
    unit = one.after.unit
    apart = say_apart(one.difference.by, one.difference.low, one.difference.high, unit)
    return Change(
        title=f"{verb(one.difference.by).capitalize()} after “{one.event.title}”, "
        f"{say_date(one.event.day)}",
        detail=f"{show_signed(one.after.score, unit)} in the {one.days} days since, "
        f"{show_signed(one.before.score, unit)} in the {one.days} before: {apart}. "
        "Other things may have changed at the same time.",
        chance=say_chance(one.p_corrected),
        arrow=_arrow(one.difference.by),
        kind=kind_of(one.difference.by, one.after),
        href=place_of(view, one.after.question),
        p=one.p_corrected,
    )


def _scores(view: ResultsView, but: Sequence[str]) -> list[Change]:
    """Of each question beside the time before, where nothing else tells that already."""
    texts = {question.key: question.text for question in view.survey.questions}
    beside = say_beside(view.selection, view.days_beside).removeprefix("on ")
    is_told = reversal(view) is not None or any(_moved(each) for each in view.steps)
    but = [*but, view.about] if is_told else but
    told = [
        (score, change)
        for score in view.scores
        if (change := view.changes.get(score.question)) is not None
        and is_sure(change)
        and score.question not in but
    ]
    return [
        Change(
            title=f"“{say(view, texts[score.question]).rstrip('.')}” {verb(change.by)}",
            detail=f"{show_signed(score.score, score.unit)}, "
            f"{say_apart(change.by, change.low, change.high, score.unit)} than {beside}.",
            chance=say_chance(change.p_corrected),
            arrow=_arrow(change.by),
            kind=kind_of(change.by, score),
            href=place_of(view, score.question),
            p=change.p_corrected,
        )
        for score, change in told
    ]


def _arrow(by: float) -> str:
    return "▲" if by > 0 else "▼"

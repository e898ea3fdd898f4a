"""What changed by more than chance: the surest first, with what may be why beside it."""

from __future__ import annotations

from datetime import date

from harken_server.insights.page.change import SURE, Change, kind_of, say_apart, verb
from harken_server.insights.page.drawn import NO_GROUP
from harken_server.insights.page.group_changes import group_changes, group_link, reversal
from harken_server.insights.page.moments import (
    say_beside,
    say_chance,
    say_date,
    say_days,
    say_period,
)
from harken_server.insights.page.panels.further import place_of
from harken_server.insights.page.selection import LOW
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.rules.comparing.differences import correct_many
from harken_server.insights.rules.comparing.standouts import Standout
from harken_server.insights.rules.comparing.steps import Step, is_of_step
from harken_server.insights.rules.figures import count_answers, show_score
from harken_server.insights.rules.scores import scored_questions
from harken_server.insights.rules.trends import period_end

MOST = 5
MOST_OF_A_GROUP = 2


def changes_of(view: ResultsView) -> list[Change]:
    """No more than a few; the surest standout, of which comments are quoted, is the first."""
    standouts, steps = _standouts(view), [_step(view, each) for each in view.steps if _moved(each)]
    turned = reversal(view)
    others = [*standouts[1:], *_scores(view), *group_changes(view)]
    first = [*standouts[:1], *([turned] if turned else []), *steps]
    return [*first, *sorted(others, key=lambda one: one.p)][:MOST]


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


def _standouts(view: ResultsView) -> list[Change]:
    if view.groups is None:
        return []
    found: list[Change] = []
    seen: dict[str | None, int] = {}
    for each in told_standouts(view):
        seen[each.group] = seen.get(each.group, 0) + 1
        if seen[each.group] <= MOST_OF_A_GROUP:
            found.append(_standout(view, each, view.groups.by, is_first=not found))
    return found


def told_standouts(view: ResultsView) -> list[Standout]:
    """The surest first, but for what only a lasting step makes of everybody."""
    questions = {each.key: each for each in scored_questions(view.survey.questions)}
    if view.groups is None or view.about not in questions:
        return []
    question, times = questions[view.about], view.groups.times
    return [
        each
        for each in view.groups.looked.standouts
        if not is_of_step(question, times.get(each.group, {}), each, view.steps)
    ]


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
    usual = show_score(one.usual.score, unit)
    return Change(
        title=f"{name} {verb(one.difference.by)} {say_period(one.start, period)}",
        detail=f"{show_score(one.score.score, unit)} against {usual} in other {period}s, from "
        f"{count_answers(one.score.n)}, {say_days(one.start, period)}.",
        chance=say_chance(one.p_corrected),
        arrow=_arrow(one.difference.by),
        kind=kind,
        href=href,
        p=one.p_corrected,
        reason=_reason(view) if is_first else "",
        is_standout=True,
    )


def _reason(view: ResultsView) -> str:
    """The question that moved furthest with the surest standout."""
    if not view.reasons:
        return ""
    one = view.reasons[0]
    texts = {question.key: question.text for question in view.survey.questions}
    unit = one.score.unit
    return (
        f"“{say(view, texts[one.question]).rstrip('.')}” {verb(one.difference.by)} most with it: "
        f"{show_score(one.score.score, unit)} against {show_score(one.usual.score, unit)}."
    )


def _moved(step: Step) -> bool:
    return step.is_sure and step.p_corrected <= SURE


def _step(view: ResultsView, one: Step) -> Change:
    unit = one.after.unit
    apart = say_apart(one.difference.by, one.difference.low, one.difference.high, unit)
    return Change(
        title=f"{verb(one.difference.by).capitalize()} after “{one.event.title}”, "
        f"{say_date(one.event.day)}",
        detail=f"{show_score(one.after.score, unit)} in the {one.days} days since, "
        f"{show_score(one.before.score, unit)} in the {one.days} before: {apart}. "
        "What else happened then is in it too.",
        chance=say_chance(one.p_corrected),
        arrow=_arrow(one.difference.by),
        kind=kind_of(one.difference.by, one.after),
        href=place_of(view, one.after.question),
        p=one.p_corrected,
    )


def _scores(view: ResultsView) -> list[Change]:
    """Of each question beside the time before, corrected for how many questions there are."""
    told = [(score, view.changes[score.question]) for score in view.scores
            if score.question in view.changes]  # fmt: skip
    chances = correct_many([difference.p for _, difference in told])
    texts = {question.key: question.text for question in view.survey.questions}
    beside = say_beside(view.selection, view.days_beside).removeprefix("on ")
    return [
        Change(
            title=f"“{say(view, texts[score.question]).rstrip('.')}” {verb(difference.by)}",
            detail=f"{show_score(score.score, score.unit)}, "
            f"{say_apart(difference.by, difference.low, difference.high, score.unit)} "
            f"than {beside}.",
            chance=say_chance(chance),
            arrow=_arrow(difference.by),
            kind=kind_of(difference.by, score),
            href=place_of(view, score.question),
            p=chance,
        )
        for (score, difference), chance in zip(told, chances, strict=True)
        if chance <= SURE
        and difference.low * difference.high > 0
        and not (score.question == view.about and any(_moved(each) for each in view.steps))
    ]


def _arrow(by: float) -> str:
    return "▲" if by > 0 else "▼"

"""What changed by more than chance: the surest first, with what people said beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias

import msgspec

from harken_server.insights.page.drawn import NO_GROUP
from harken_server.insights.page.moments import say_beside, say_chance, say_days, say_period
from harken_server.insights.page.selection import LOW
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.rules.comparing.breakdowns import GroupScores, ScoreDifference
from harken_server.insights.rules.comparing.differences import correct_many
from harken_server.insights.rules.comparing.sentences import say_difference
from harken_server.insights.rules.comparing.standouts import LEAST, Standout
from harken_server.insights.rules.figures import count_answers, show_score
from harken_server.insights.rules.scores import Score
from harken_server.insights.rules.trends import period_end

MOST = 6
MOST_OF_A_GROUP = 2
_LEVEL = 0.05
_TWO = 2
Kind: TypeAlias = Literal["good", "bad"]


class Change(msgspec.Struct, kw_only=True, frozen=True):
    """One thing that moved."""

    title: str
    detail: str
    chance: str
    arrow: str
    kind: Kind
    href: str
    p: float
    is_standout: bool = False


def changes_of(view: ResultsView) -> list[Change]:
    """No more than a few; the surest standout, of which comments are quoted, is the first."""
    standouts = _standouts(view)
    others = sorted([*_scores(view), *_groups(view)], key=lambda change: change.p)
    return [*standouts[:1], *sorted([*standouts[1:], *others], key=lambda one: one.p)][:MOST]


def nothing_changed(view: ResultsView) -> str:
    """What is said where nothing did."""
    made = len(view.changes)
    if view.groups is not None:
        made += view.groups.looked.comparisons + 2 * len(view.groups.groups)
    if not made:
        return "Too few answers to tell what changed: nothing is compared below 5 answers each."
    return f"Nothing moved by more than chance would, in {made:,} comparisons."


def group_link(view: ResultsView, by: str, group: str, **fields: str) -> str:
    """The page of one group alone."""
    if by in {"touchpoint", "channel", "version"}:
        return view.link(**{by: group}, by="", **fields)
    return view.link(where=f"{by}:{group}", by="", **fields)


def surely_beside_rest(group: GroupScores, groups: Sequence[GroupScores]) -> list[ScoreDifference]:
    """How far it is from everybody else, where both have enough answers and it is no chance.

    Of two groups only one is told: the other's rest is this one.
    """
    score = group.scores[0]
    others = sum(each.scores[0].n for each in groups) - score.n
    if min(score.n, others) < LEAST:
        return []
    is_twin = len(groups) == _TWO and group is not _worse(groups)
    return [] if is_twin else [each for each in group.beside_rest if _is_sure(each)]


def _worse(groups: Sequence[GroupScores]) -> GroupScores:
    sign = 1 if groups[0].scores[0].direction == "higher_is_better" else -1
    return min(groups, key=lambda each: sign * (each.scores[0].score or 0))


def _standouts(view: ResultsView) -> list[Change]:
    if view.groups is None:
        return []
    found: list[Change] = []
    seen: dict[str | None, int] = {}
    for each in view.groups.looked.standouts:
        seen[each.group] = seen.get(each.group, 0) + 1
        if seen[each.group] <= MOST_OF_A_GROUP:
            found.append(_standout(view, each, view.groups.by, view.groups.looked.comparisons))
    return found


def _standout(view: ResultsView, one: Standout, by: str, comparisons: int) -> Change:
    unit, period = one.score.unit, view.period
    name = "Everybody" if one.group is None else one.group or NO_GROUP
    first = max(one.start, view.first_day.toordinal() if view.first_day else 0)
    last = min(period_end(one.start, period), view.last_day.toordinal())
    days = {"days": "custom", "from": date.fromordinal(first).isoformat(),
            "to": date.fromordinal(last).isoformat()}  # fmt: skip
    kind = _kind(one.difference.by, one.score)
    if kind == "bad":
        days["tone"] = LOW
    href = view.link(**days) if not one.group else group_link(view, by, one.group, **days)
    usual = show_score(one.usual.score, unit)
    return Change(
        title=f"{name} {_verb(one.difference.by)} {say_period(one.start, period)}",
        detail=f"{show_score(one.score.score, unit)} against {usual} otherwise "
        f"({count_answers(one.score.n)}, {say_days(one.start, period)}). "
        f"{say_difference(one.difference, unit, could_be_chance=False)}",
        chance=say_chance(one.p_corrected, comparisons),
        arrow=_arrow(one.difference.by),
        kind=kind,
        href=href,
        p=one.p_corrected,
        is_standout=True,
    )


def _scores(view: ResultsView) -> list[Change]:
    """Of each question beside the time before, corrected for how many questions there are."""
    told = [(score, view.changes[score.question]) for score in view.scores
            if score.question in view.changes]  # fmt: skip
    chances = correct_many([difference.p for _, difference in told])
    texts = {question.key: question.text for question in view.survey.questions}
    beside = say_beside(view.selection, view.days_beside)
    return [
        Change(
            title=f"All answers {_verb(difference.by)} {beside}",
            detail=f"{say(view, texts[score.question])} {_sure(difference)}",
            chance=say_chance(chance, len(told)),
            arrow=_arrow(difference.by),
            kind=_kind(difference.by, score),
            href=f"#{score.question}-h",
            p=chance,
        )
        for (score, difference), chance in zip(told, chances, strict=True)
        if chance <= _LEVEL and difference.low * difference.high > 0
    ]


def _groups(view: ResultsView) -> list[Change]:
    """Groups beside everybody else, and beside their own time before."""
    if view.groups is None:
        return []
    beside = say_beside(view.selection, view.days_beside)
    found: list[Change] = []
    told = [group for group in view.groups.groups if group.scores[0].n >= LEAST]
    for group in told:
        changed = [] if group.change is msgspec.UNSET else group.change
        found += [_of_group(view, group, each, f"{_verb(each.by)} {beside}")
                  for each in changed if _is_sure(each)]  # fmt: skip
        found += [_of_group(view, group, each, f"is {_way(each.by)} the rest")
                  for each in surely_beside_rest(group, view.groups.groups)]  # fmt: skip
    return found


def _of_group(
    view: ResultsView, group: GroupScores, difference: ScoreDifference, what: str
) -> Change:
    by = view.groups.by if view.groups else ""
    score = group.scores[0]
    return Change(
        title=f"{group.group or NO_GROUP} {what}",
        detail=f"{show_score(score.score, score.unit)} of {count_answers(score.n)}. "
        f"{_sure(difference)}",
        chance=say_chance(difference.p_corrected, len(view.groups.groups) if view.groups else 1),
        arrow=_arrow(difference.by),
        kind=_kind(difference.by, score),
        href=group_link(view, by, group.group) if group.group else view.link(),
        p=difference.p_corrected,
    )


def _is_sure(difference: ScoreDifference) -> bool:
    """Whether p-value and interval both say that it is no chance."""
    return not difference.could_be_chance and difference.low * difference.high > 0


def _sure(difference: ScoreDifference) -> str:
    return difference.says.replace("; could be chance", "")


def _arrow(by: float) -> str:
    return "▲" if by > 0 else "▼"


def _verb(by: float) -> str:
    return "rose" if by > 0 else "fell"


def _way(by: float) -> str:
    return "above" if by > 0 else "below"


def _kind(by: float, score: Score) -> Kind:
    return "good" if (by > 0) == (score.direction == "higher_is_better") else "bad"

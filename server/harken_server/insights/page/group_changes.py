"""What is told of groups: who stands apart from the rest, who moved, and when a mix misleads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from harken_server.insights.page.change import Change, is_sure, kind_of, say_apart, verb
from harken_server.insights.page.drawn import NO_GROUP
from harken_server.insights.page.moments import say_beside, say_chance
from harken_server.insights.page.standing_out import only_by
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.read.group_times import GroupTimes
from harken_server.insights.rules.comparing.breakdowns import (
    GroupScores,
    ScoreDifference,
    find_reversals,
)
from harken_server.insights.rules.comparing.standouts import LEAST
from harken_server.insights.rules.figures import count_answers, show_share, show_signed

_TWO = 2


def group_changes(view: ResultsView) -> list[Change]:
    """Groups beside everybody else, and beside their own time before: all that are sure, but for
    what a period makes that is told already."""
    if view.groups is None:
        return []
    found: list[Change] = []
    beside = say_beside(view.selection, view.days_beside)
    for group in view.groups.groups:
        if group.scores[0].n < LEAST:
            continue
        changed = [] if group.change is msgspec.UNSET else group.change
        found += [_change(view, group, each, f"{verb(each.by)} {beside}", "the days before")
                  for each in changed if is_sure(each) and not _as_all(view, each)]  # fmt: skip
        found += [_change(view, group, each, f"is {way(each.by)} the rest", "the rest")
                  for each in beside_rest(group, view.groups.groups)
                  if is_sure(each) and only_by(view, group) is None]  # fmt: skip
    return found


class Reversal(NamedTuple):
    """A mix that turns the total round."""

    group: str
    """What the groups are of."""
    did: str
    """What each of them did."""
    change: Change


def reversal(view: ResultsView) -> Reversal | None:
    """Where every group moved against all of them together: the mix has changed (Simpson 1951)."""
    overall, groups = view.changes.get(view.about), view.groups
    if groups is None or overall is None or not is_sure(overall):
        return None
    if not find_reversals([overall], groups.groups):
        return None
    back = -overall.by
    change = Change(
        title=f"Every {groups.by} {verb(back)}, yet all together {verb(overall.by)}",
        detail=f"The mix has changed: {_mix(groups)}. Go by each {groups.by}, not by the total."
        f"{_with_it(view)}",
        chance="",
        arrow="⚠",
        kind=kind_of(back, groups.groups[0].scores[0]),
        href="#breakdown-h",
        p=0,
    )
    return Reversal(groups.by, verb(back), change)


def _mix(groups: GroupTimes) -> str:
    """The group whose share grew most."""
    n, n_before = sum(each.scores[0].n for each in groups.groups), sum(groups.before.values())
    shares = [
        (100 * each.scores[0].n / n, 100 * groups.before[each.group] / n_before, each.group)
        for each in groups.groups
        if groups.before.get(each.group)
    ]
    now, then, name = max(shares, key=lambda share: share[0] - share[1])
    return f"{name or NO_GROUP} gave {show_share(now)} of the answers, {show_share(then)} before"


def fell_with(view: ResultsView) -> list[str]:
    """Questions whose totals surely moved as the one that a mix has turned round."""
    overall = view.changes.get(view.about)
    return [] if overall is None else [
        key
        for key, each in view.changes.items()
        if key != view.about and is_sure(each) and each.by * overall.by > 0
    ]  # fmt: skip


def _with_it(view: ResultsView) -> str:
    texts = {each.key: say(view, each.text).rstrip(".") for each in view.survey.questions}
    named = " and ".join(f"“{texts[key]}”" for key in fell_with(view)[:_TWO])
    more = len(fell_with(view)) - _TWO
    named += f" and {more} more" if more > 0 else ""
    return f" It may be why the totals of {named} moved as well." if named else ""


def group_link(view: ResultsView, by: str, group: str, **fields: str) -> str:
    """The page of one group alone."""
    if by in {"touchpoint", "channel", "version"}:
        return view.link(**{by: group}, by="", **fields)
    return view.link(where=f"{by}:{group}", by="", **fields)


def beside_rest(group: GroupScores, groups: Sequence[GroupScores]) -> list[ScoreDifference]:
    """How far it is from everybody else, where both have enough answers.

    Of two groups only one is told: the other's rest is this one.
    """
    score = group.scores[0]
    others = sum(each.scores[0].n for each in groups) - score.n
    if min(score.n, others) < LEAST:
        return []
    is_twin = len(groups) == _TWO and group is not _worse(groups)
    return [] if is_twin else group.beside_rest


def _as_all(view: ResultsView, change: ScoreDifference) -> bool:
    """Whether everybody surely moved the same way, which is told anyhow."""
    overall = view.changes.get(view.about)
    return overall is not None and is_sure(overall) and overall.by * change.by > 0


def _worse(groups: Sequence[GroupScores]) -> GroupScores:
    sign = 1 if groups[0].scores[0].direction == "higher_is_better" else -1
    return min(groups, key=lambda each: sign * (each.scores[0].score or 0))


def _change(
    view: ResultsView, group: GroupScores, difference: ScoreDifference, what: str, beside: str
) -> Change:
    by = view.groups.by if view.groups else ""
    score = group.scores[0]
    apart = say_apart(difference.by, difference.low, difference.high, score.unit)
    return Change(
        title=f"{group.group or NO_GROUP} {what}",
        detail=f"{show_signed(score.score, score.unit)} from {count_answers(score.n)}: "
        f"{apart} than {beside}.",
        chance=say_chance(difference.p_corrected),
        arrow="▲" if difference.by > 0 else "▼",
        kind=kind_of(difference.by, score),
        href=group_link(view, by, group.group) if group.group else view.link(),
        p=difference.p_corrected,
    )


def way(by: float) -> str:
    """On which side."""
    return "above" if by > 0 else "below"

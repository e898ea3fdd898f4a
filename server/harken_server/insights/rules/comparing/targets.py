"""Targets: what a score is to reach, and whether the answers prove it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harken_server.insights.rules.scores import Score, Target, TargetState
from harken_server.surveys.published import SurveyTarget


def with_target(score: Score, targets: Iterable[SurveyTarget]) -> Score:
    """The score with its target and how that stands, where it has one."""
    for each in targets:
        if each.question == score.question:
            told = Target(value=each.value, direction=each.direction, state=state_of(score, each))
            return msgspec.structs.replace(score, target=told)
    return score


def state_of(score: Score, target: SurveyTarget) -> TargetState:
    """reached: the whole interval is on the good side. not_reached: none of it. Else not proven.

    >>> from harken_server.insights.rules.metrics import choice_share
    >>> goal = SurveyTarget(question="why", value=50, direction="at_least")
    >>> [state_of(choice_share("why", "price", hits, 100), goal) for hits in (70, 55, 30)]
    ['reached', 'not_proven', 'not_reached']
    """
    if score.low is None or score.high is None:
        return "not_proven"
    low, high, value = score.low, score.high, target.value
    if target.direction == "at_most":
        low, high, value = -high, -low, -value
    if low >= value:
        return "reached"
    return "not_reached" if high < value else "not_proven"

"""A journey in one number: scores of its touchpoints on one scale, weighted, with an interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot

import msgspec

from harken_server.insights.rules.scores import Score

FORMULA = (
    "index = 100 * (score - lowest) / (highest - lowest), turned round where lower is better; a "
    "stage is the mean of its touchpoints by their weights, the journey that of its stages by "
    "theirs, of those that have answers; ends: mean ∓ √Σ(weight * distance of the score to its "
    "end)², of answers taken as independent"
)
SOURCE = "Zou and Donner 2008, Statistics in Medicine 27, 1693-1702 (MOVER)"


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """A number from 0 (worst) to 100 (best), whatever metrics it is made of; null: no answers."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    """Answers that it is made of."""


class IndexChange(msgspec.Struct, frozen=True, kw_only=True):
    """An index less the one of as many days before."""

    by: float
    low: float
    high: float
    could_be_chance: bool
    """Whether the interval holds 0."""


class Weighted(msgspec.Struct, frozen=True):
    """A part of a whole."""

    index: Index
    weight: float


NOTHING = Index(value=None, low=None, high=None, n=0)


def index_of(score: Score | None) -> Index:
    """The score between the worst and the best that it can be.

    >>> index_of(None).value is None
    True
    """
    if score is None or score.score is None or score.low is None or score.high is None:
        return NOTHING
    span = score.range_high - score.range_low
    value, low, high = (
        100 * (each - score.range_low) / span for each in (score.score, score.low, score.high)
    )
    if score.direction == "lower_is_better":
        value, low, high = 100 - value, 100 - high, 100 - low
    return Index(value=value, low=low, high=high, n=score.n)


def weigh(parts: Sequence[Weighted]) -> Index:
    """Their mean by weight; parts without answers are left out.

    >>> one = Index(value=50, low=40, high=60, n=10)
    >>> two = Index(value=80, low=80, high=80, n=5)
    >>> weigh([Weighted(one, 1), Weighted(two, 2), Weighted(NOTHING, 9)]).value
    70.0
    """
    known = [
        (each.weight, each.index.value, each.index.low, each.index.high)
        for each in parts
        if each.index.value is not None
        and each.index.low is not None
        and each.index.high is not None
    ]
    total = sum(weight for weight, *_ in known)
    if not known:
        return NOTHING
    mean = sum(weight * value for weight, value, _, _ in known) / total
    below = hypot(*(weight * (value - low) / total for weight, value, low, _ in known))
    above = hypot(*(weight * (high - value) / total for weight, value, _, high in known))
    n = sum(each.index.n for each in parts)
    return Index(value=mean, low=max(0.0, mean - below), high=min(100.0, mean + above), n=n)


def change_of(now: Index, before: Index) -> IndexChange | None:
    """None where either has no answers."""
    ends = (now.value, now.low, now.high, before.value, before.low, before.high)
    if any(each is None for each in ends):
        return None
    here, low, high, there, old_low, old_high = (float(each or 0) for each in ends)
    by = here - there
    lowest, highest = (
        by - hypot(here - low, old_high - there),
        by + hypot(high - here, there - old_low),
    )
    return IndexChange(by=by, low=lowest, high=highest, could_be_chance=lowest <= 0 <= highest)


def passed_on(ways: Mapping[int, int], stages: int) -> list[tuple[int, int]]:
    """Of each stage how many people passed it, and how many of these a later one too.

    `ways` are people by the stages that they passed, as bits.

    >>> passed_on({0b001: 5, 0b011: 3, 0b101: 1}, 3)
    [(9, 4), (3, 0), (1, 0)]
    """
    return [
        (
            sum(people for way, people in ways.items() if way >> stage & 1),
            sum(people for way, people in ways.items() if way >> stage & 1 and way >> stage > 1),
        )
        for stage in range(stages)
    ]

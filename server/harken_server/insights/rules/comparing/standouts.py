"""Where and when a score stood out: each group's periods beside its own other periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import msgspec

from harken_server.insights.rules.comparing.breakdowns import ratings_in
from harken_server.insights.rules.comparing.differences import (
    Difference,
    chance_between,
    correct_many,
    score_difference,
)
from harken_server.insights.rules.estimates import USUAL, Certainty
from harken_server.insights.rules.metrics import plain_score, score_question
from harken_server.insights.rules.scores import Score
from harken_server.insights.rules.trends import add_up
from harken_server.surveys.questions.types import RatingQuestion

LEAST = 5
"""Answers of a group in a period, below which nothing is said of it."""
EVERYBODY = None
ByTime: TypeAlias = Mapping[int, Mapping[str, int]]
"""How often each value was given, by the first day of a period."""


class Standout(msgspec.Struct, kw_only=True, frozen=True):
    """A period of a group that differs from the group's other periods by more than chance."""

    group: str | None
    """None: everybody."""
    start: int
    """First day of the period, as a proleptic ordinal."""
    score: Score
    """Without what stands beside it, as `usual` is."""
    usual: Score
    """Of the same group in all other periods."""
    difference: Difference
    p_corrected: float
    """Corrected for all groups and periods that were looked at (Holm)."""


class Looked(msgspec.Struct, kw_only=True, frozen=True):
    """What was found, the surest first, and among how many comparisons."""

    standouts: tuple[Standout, ...]
    comparisons: int


def find_standouts(
    question: RatingQuestion,
    groups: Mapping[str | None, ByTime],
    certainty: Certainty = USUAL,
) -> Looked:
    """Every period of at least `LEAST` answers is looked at, of groups with other periods.

    What is found has a small p-value and an interval on one side of nothing: both say so.
    """
    looked: list[_Looked] = []
    chances: list[float] = []
    for group, times in groups.items():
        periods = {start: ratings_in(counts) for start, counts in sorted(times.items())}
        every = add_up(periods.values())
        for start, own in periods.items():
            rest = {rating: n - own.get(rating, 0) for rating, n in every.items()}
            score, usual = plain_score(question, own), plain_score(question, rest)
            if score and usual and min(score.n, usual.n) >= LEAST:
                looked.append(_Looked(group, start, own, rest))
                chances.append(chance_between(score, usual))
    found = [
        found
        for each, chance in zip(looked, correct_many(chances), strict=True)
        if chance <= 1 - certainty.level and (found := _standout(question, each, chance, certainty))
    ]
    found.sort(key=lambda each: (each.p_corrected, each.difference.p))
    return Looked(standouts=tuple(found), comparisons=len(looked))


class _Looked(NamedTuple):
    group: str | None
    start: int
    own: Mapping[int, int]
    rest: Mapping[int, int]
    """Of the group's other periods."""


def _standout(
    question: RatingQuestion, of: _Looked, chance: float, certainty: Certainty
) -> Standout | None:
    """With the intervals, which are computed of these few alone."""
    score = score_question(question, of.own, certainty, alone=True)
    usual = score_question(question, of.rest, certainty, alone=True)
    difference = score_difference(score, usual, least=LEAST)
    if difference is None or difference.low * difference.high <= 0:
        return None
    return Standout(
        group=of.group, start=of.start, score=score, usual=usual, difference=difference,
        p_corrected=chance,
    )  # fmt: skip

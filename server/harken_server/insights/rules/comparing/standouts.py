"""Where and when a score stood out: each group's periods beside its own other periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from harken_server.insights.rules.comparing.breakdowns import less, ratings_in
from harken_server.insights.rules.comparing.differences import (
    Difference,
    correct_many,
    score_difference,
)
from harken_server.insights.rules.estimates import USUAL, Certainty
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Score
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
    looked: list[tuple[str | None, int, Score, Score, Difference]] = []
    for group, periods in groups.items():
        every = _added(periods)
        for start, counts in sorted(periods.items()):
            score = score_question(question, ratings_in(counts), certainty, alone=True)
            rest = ratings_in(less(every, counts))
            usual = score_question(question, rest, certainty, alone=True)
            difference = score_difference(score, usual, least=LEAST)
            if difference is not None:
                looked.append((group, start, score, usual, difference))
    chances = correct_many([each[-1].p for each in looked])
    found = [
        Standout(
            group=group, start=start, score=score, usual=usual, difference=difference,
            p_corrected=chance,
        )
        for (group, start, score, usual, difference), chance in zip(looked, chances, strict=True)
        if chance <= 1 - certainty.level and difference.low * difference.high > 0
    ]  # fmt: skip
    found.sort(key=lambda each: (each.p_corrected, each.difference.p))
    return Looked(standouts=tuple(found), comparisons=len(looked))


def _added(periods: ByTime) -> dict[str, int]:
    sums: dict[str, int] = {}
    for counts in periods.values():
        for value, n in counts.items():
            sums[value] = sums.get(value, 0) + n
    return sums

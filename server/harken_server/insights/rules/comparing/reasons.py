"""What moved with a score that stood out: the other questions, there and then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from harken_server.insights.rules.comparing.breakdowns import Counts, less, ratings_in
from harken_server.insights.rules.comparing.differences import (
    Difference,
    correct_many,
    score_difference,
)
from harken_server.insights.rules.comparing.standouts import LEAST
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Score
from harken_server.surveys.questions.types import RatingQuestion


class Reason(msgspec.Struct, kw_only=True, frozen=True):
    """A question that moved the same way."""

    question: str
    score: Score
    """Of the group in the period."""
    usual: Score
    """Of the group in all other periods."""
    difference: Difference
    p_corrected: float
    """Corrected for all questions that were looked at (Holm)."""


def find_reasons(
    questions: Sequence[RatingQuestion], there: Counts, every: Counts, *, is_worse: bool
) -> list[Reason]:
    """Those that became worse there, or better, by more than chance, the furthest first.

    `there` are the counts of the group in the period, `every` those of the group. How far is
    reckoned in parts of each question's own range, so that they can be laid side by side.
    """
    looked = [(each, *_both(each, there, every)) for each in questions]
    told = [
        (score, usual, found)
        for _, score, usual in looked
        if (found := score_difference(score, usual, least=LEAST)) is not None
    ]
    chances = correct_many([found.p for *_, found in told])
    reasons = [
        Reason(question=score.question, score=score, usual=usual, difference=found, p_corrected=p)
        for (score, usual, found), p in zip(told, chances, strict=True)
        if p <= 1 - found.level and _worse(score, found) == is_worse
    ]
    return sorted(reasons, key=lambda each: -_size(each))


def _both(question: RatingQuestion, there: Counts, every: Counts) -> tuple[Score, Score]:
    nobody: Mapping[str, int] = {}
    own, whole = there.get(question.key, nobody), every.get(question.key, nobody)
    return (
        score_question(question, ratings_in(own)),
        score_question(question, ratings_in(less(whole, own))),
    )


def _worse(score: Score, found: Difference) -> bool:
    return (found.by < 0) == (score.direction == "higher_is_better")


def _size(each: Reason) -> float:
    return abs(each.difference.by) / (each.score.range_high - each.score.range_low)

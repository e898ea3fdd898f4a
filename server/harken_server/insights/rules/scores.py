"""A score: one number computed from the answers to a question, with what is needed to trust it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import msgspec

from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.estimates import (
    Estimate,
    Evidence,
    Method,
    answers_wanted,
    weigh_evidence,
)
from harken_server.surveys.published import TargetDirection
from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.types import as_rating

Metric: TypeAlias = Literal[
    "nps", "csat", "ces", "ces_v1", "rating", "share",
    "enps", "sus", "umux", "umux_lite", "pmf", "expectation",
]  # fmt: skip
Unit: TypeAlias = Literal["points", "percent", "mean", "index"]
Direction: TypeAlias = Literal["higher_is_better", "lower_is_better"]


TargetState: TypeAlias = Literal["reached", "not_reached", "not_proven"]


class Target(msgspec.Struct, kw_only=True, frozen=True):
    """What a score is to reach, and whether the answers prove that it does, by its interval."""

    value: float
    direction: TargetDirection
    state: TargetState
    """reached: all of the interval is. not_reached: none of it. not_proven: it could be either."""


class Weighted(msgspec.Struct, kw_only=True, frozen=True):
    """What the weights of the answers cost, and the number without them."""

    effective_n: float
    """As many unweighted answers would tell as much (Kish): intervals, variances, tests, the
    evidence and the state of a target go by it."""
    design_effect: float | None
    """`n` by `effective_n`; null where nobody answered."""
    raw_score: float | None
    """Of the same answers, each counted once."""
    raw_low: float | None
    raw_high: float | None


class Score(msgspec.Struct, kw_only=True, frozen=True):
    """One number computed from the ratings of one question, with what is needed to trust it."""

    question: str
    metric: Metric
    score: float | None
    """The raw number, not rounded; None when nobody answered."""
    n: int
    """Answers counted: those to this question that are visible."""
    low: float | None
    """Lower end of the interval of `score`."""
    high: float | None
    level: float
    """How often such intervals hold the truth: 0.8, 0.9, 0.95 or 0.99."""
    method: Method
    """How the interval of `score` was computed."""
    margin: float | None
    """Half the width of the interval."""
    variance: float | None
    """Of single answers, in the square of the unit: the standard error is √(variance/n)."""
    evidence: Evidence
    """enough: the interval takes up no more than a quarter of the range; not_enough: it does."""
    answers_wanted: int | None
    """About how many answers in all would be enough, should they spread alike; None where it is."""
    unit: Unit
    """points: -100..100. percent, index: 0..100. mean: on the scale of the question."""
    direction: Direction
    range_low: float
    """The lowest number that this score can be."""
    range_high: float
    counts: dict[str, int]
    """Answers per rating, in the order of the scale; zeros included."""
    groups: dict[str, int]
    """Answers per named group of ratings, from low ratings to high ones."""
    mean: float | None
    """Mean rating, on the scale of the question."""
    mean_low: float | None
    mean_high: float | None
    share: float | None = None
    """Percentage of answers in the best of the `groups`; None for NPS, whose score says it."""
    share_low: float | None = None
    share_high: float | None = None
    proved: int | None = None
    """How many of the `n` answers not everybody could have sent; None where nobody counted them."""
    target: Target | msgspec.UnsetType = msgspec.UNSET
    """Of the whole survey, where one is set."""
    weighted: Weighted | msgspec.UnsetType = msgspec.UNSET
    """With `weight`: `counts`, `groups` and `n` stay those of the answers as they came."""

    @property
    def worth(self) -> float:
        """As many unweighted answers tell as much: those there are, unless they are weighted."""
        return self.n if self.weighted is msgspec.UNSET else self.weighted.effective_n


def is_weighted(scores: Iterable[Score]) -> bool:
    """Whether any of them is made of weighted answers."""
    return any(score.weighted is not msgspec.UNSET for score in scores)


def scored_questions(questions: Iterable[q.Question]) -> list[q.RatingQuestion]:
    """The questions that have a score, in the order of the survey."""
    return [rated for question in questions if (rated := as_rating(question)) is not None]


def ratings_of(rows: Iterable[CountRow], question: str) -> list[CountRow]:
    """The counts of ratings of one question, out of the counts of many."""
    return [
        row for row in rows if row.question == question and not row.part and row.value.isdecimal()
    ]


def histogram(rows: Iterable[CountRow], question: str) -> dict[int, int]:
    """People per rating of one question, out of the counts of many."""
    counts: dict[int, int] = {}
    for row in ratings_of(rows, question):
        counts[int(row.value)] = counts.get(int(row.value), 0) + row.n
    return counts


def score_of(
    question: str,
    metric: Metric,
    estimate: Estimate,
    *,
    n: float,
    unit: Unit,
    range_: tuple[float, float],
    counts: Mapping[str, float],
    groups: Mapping[str, float],
    share: Estimate | None = None,
    mean: Estimate | None = None,
) -> Score:
    """The score whose number is the estimate, with share and mean beside it; counts are rounded."""
    return Score(
        question=question,
        metric=metric,
        score=estimate.value,
        n=round(n),
        low=estimate.low,
        high=estimate.high,
        level=estimate.level,
        method=estimate.method,
        margin=estimate.margin,
        variance=estimate.variance,
        evidence=weigh_evidence(estimate, range_[1] - range_[0]),
        answers_wanted=answers_wanted(estimate, range_[1] - range_[0], round(n)),
        unit=unit,
        direction="lower_is_better" if metric == "ces_v1" else "higher_is_better",
        range_low=range_[0],
        range_high=range_[1],
        counts=_whole(counts),
        groups=_whole(groups),
        mean=mean.value if mean else None,
        mean_low=mean.low if mean else None,
        mean_high=mean.high if mean else None,
        share=share.value if share else None,
        share_low=share.low if share else None,
        share_high=share.high if share else None,
    )


def _whole(counts: Mapping[str, float]) -> dict[str, int]:
    return {value: n if type(n) is int else round(n) for value, n in counts.items()}

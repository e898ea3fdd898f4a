"""Several answers of one person: how much less they tell than as many of different people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from harken_server.insights.rules.estimates import (
    USUAL,
    Certainty,
    Estimate,
    answers_wanted,
    mean_estimate,
    net_estimate,
    share_estimate,
    weigh_evidence,
)
from harken_server.insights.rules.groups import TONES, rating_groups
from harken_server.insights.rules.intervals import quantile_of
from harken_server.insights.rules.probability import student_quantile
from harken_server.insights.rules.scores import Score
from harken_server.surveys.questions.types import RatingQuestion, scale_of

People: TypeAlias = Mapping[tuple[tuple[int, int], ...], int]
"""How many people gave each set of ratings: pairs of a rating and how often one person gave it."""
Weigh: TypeAlias = Callable[[int], float]


def clustered_score(
    question: RatingQuestion, score: Score, people: People, certainty: Certainty = USUAL
) -> Score:
    """The same score with intervals that know which answers are of one person.

    The usual interval of each number, over as many answers as the given ones are worth: n divided
    by the design effect, which is the variance of the ratio estimator, linearised by person,
    beside that of as many single answers, and is never taken as less than 1; times (z/t)² with t of
    people - 1 degrees of freedom. Source: Cochran 1977, Sampling Techniques, 3rd ed., 2.11 and
    9A; Kish 1965, Survey Sampling; Korn and Graubard 1998, Survey Methodology 24(2), 193-201.
    """
    if not score.n:
        return msgspec.structs.replace(score, method="clustered")
    worth = _Worth(people, certainty.level)
    tone = {r: TONES[name] for name, span in rating_groups(question).items() for r in span}
    counts = {int(rating): n for rating, n in score.counts.items()}
    best = sum(n for rating, n in counts.items() if tone[rating] == "good")
    effect, times = worth.of(lambda rating: float(tone[rating] == "good"))
    share = share_estimate(times * best, times * score.n, certainty)
    estimate, spread = share, effect
    effect, times = worth.of(float)
    weighed = {rating: times * n for rating, n in counts.items()}
    mean = mean_estimate(weighed, *scale_of(question), certainty)
    if score.unit == "mean":
        estimate, spread = mean, effect
    elif score.unit == "points":
        up, down = score.groups["promoters"], score.groups["detractors"]
        spread, times = worth.of(lambda rating: STEPS[tone[rating]])
        estimate = net_estimate(times * up, times * down, times * score.n, certainty)
    return _with(score, estimate, spread, share, mean)


STEPS = {"good": 1.0, "middle": 0.0, "bad": -1.0}


def design_effect(people: People, weigh: Weigh) -> float:
    """Variance of the mean of what is weighed, by person, beside that of as many single answers.

    At least 1. Where all agree, or one person gave all answers, as if everybody had repeated one
    and the same answer: the mean number of answers a person, weighted by itself.

    >>> round(design_effect({((9, 2),): 5, ((3, 2),): 5}, float), 2)
    2.22
    >>> design_effect({((9, 1),): 5, ((3, 1),): 5}, float) < 1.2
    True
    """
    n = sum(times * count for pairs, times in people.items() for _, count in pairs)
    total = sum(times * weigh(r) * count for pairs, times in people.items() for r, count in pairs)
    mean, persons = total / n, sum(people.values())
    within = between = sizes = 0.0
    for pairs, times in people.items():
        own = sum(count for _, count in pairs)
        apart = sum(weigh(r) * count for r, count in pairs) - mean * own
        between += times * apart * apart
        within += times * sum(count * (weigh(r) - mean) ** 2 for r, count in pairs)
        sizes += times * own * own
    if within <= 0 or persons < 2:
        return sizes / n
    return max(1.0, persons / (persons - 1) * between / within)


class _Worth:
    """How much the answers of people are worth beside single ones."""

    def __init__(self, people: People, level: float) -> None:
        self._people = people
        self._n = sum(times * n for pairs, times in people.items() for _, n in pairs)
        persons = sum(people.values())
        wider = student_quantile((1 + level) / 2, persons - 1) if persons > 1 else float("inf")
        self._narrower = (quantile_of(level) / wider) ** 2

    def of(self, weigh: Weigh) -> tuple[float, float]:
        """The design effect, and the share of the answers that they are worth; one at least."""
        effect = design_effect(self._people, weigh)
        return effect, max(self._narrower / effect, 1 / self._n)


def _with(
    score: Score, estimate: Estimate, effect: float, share: Estimate, mean: Estimate
) -> Score:
    span = score.range_high - score.range_low
    has_share = score.share is not None
    return msgspec.structs.replace(
        score,
        low=estimate.low,
        high=estimate.high,
        margin=estimate.margin,
        method="clustered",
        variance=None if score.variance is None else score.variance * effect,
        evidence=weigh_evidence(estimate, span),
        answers_wanted=answers_wanted(estimate, span, score.n),
        mean_low=mean.low,
        mean_high=mean.high,
        share_low=share.low if has_share else None,
        share_high=share.high if has_share else None,
    )

"""Weighted answers: what they sum up to, and as how many unweighted ones they tell as much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from harken_server.insights.rules.estimates import (
    USUAL,
    Certainty,
    Estimate,
    answers_wanted,
)
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Score, Weighted
from harken_server.surveys.questions.types import RatingQuestion, scale_of


class Tally(NamedTuple):
    """The answers to one question, by value; what belongs together may be added and taken away."""

    counts: Mapping[str, int]
    """How many there are."""
    weights: Mapping[str, float]
    """Their weights together."""
    squares: Mapping[str, float]
    """The squares of their weights together."""

    def less(self, some: Tally) -> Tally:
        """What is left without some of them."""
        return Tally(
            {value: n - some.counts.get(value, 0) for value, n in self.counts.items()},
            {value: n - some.weights.get(value, 0.0) for value, n in self.weights.items()},
            {value: n - some.squares.get(value, 0.0) for value, n in self.squares.items()},
        )

    def within(self, values: Iterable[str]) -> Tally:
        """Of these values alone, that somebody gave."""
        kept = [value for value in values if self.counts.get(value)]
        return Tally(
            {value: self.counts[value] for value in kept},
            {value: self.weights[value] for value in kept},
            {value: self.squares[value] for value in kept},
        )

    @property
    def worth(self) -> dict[str, float]:
        """The weighted shares of as many unweighted answers as these are worth."""
        times = kish(self) / (sum(self.weights.values()) or 1.0)
        return {value: times * weight for value, weight in self.weights.items()}


NOBODY = Tally({}, {}, {})


def tally_of(given: Iterable[tuple[float, Mapping[str, int]]]) -> Tally:
    """From weights, and how often each value was given by who has that weight."""
    counts: dict[str, int] = {}
    weights: dict[str, float] = {}
    squares: dict[str, float] = {}
    for weight, values in given:
        for value, n in values.items():
            counts[value] = counts.get(value, 0) + n
            weights[value] = weights.get(value, 0.0) + weight * n
            squares[value] = squares.get(value, 0.0) + weight * weight * n
    return Tally(counts, weights, squares)


def add_tallies(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    sums: tuple[dict[str, int], dict[str, float], dict[str, float]] = ({}, {}, {})
    for tally in tallies:
        for value, n in tally.counts.items():
            sums[0][value] = sums[0].get(value, 0) + n
            sums[1][value] = sums[1].get(value, 0.0) + tally.weights[value]
            sums[2][value] = sums[2].get(value, 0.0) + tally.squares[value]
    return Tally(*sums)


def kish(tally: Tally) -> float:
    """As many unweighted answers tell as much: (Σw)² / Σw². 0 of nobody.

    Source: Kish 1965, Survey Sampling, 11.7; Kish 1992, Journal of Official Statistics 8(2),
    183-200.

    >>> round(kish(tally_of([(10.0, {"9": 5}), (1.0, {"9": 50})])), 1)
    18.2
    """
    squares = sum(tally.squares.values())
    return sum(tally.weights.values()) ** 2 / squares if squares > 0 else 0.0


def weighted_question(
    question: RatingQuestion, tally: Tally, certainty: Certainty = USUAL
) -> Score:
    """The score that belongs to the question's type, over weighted ratings.

    >>> from harken_server.surveys.questions.types import Nps
    >>> few, many = {"9": 1}, {"3": 10}
    >>> score = weighted_question(Nps(key="again", text="?"), tally_of([(10, few), (1, many)]))
    >>> score.score, score.n, score.weighted.effective_n, round(score.weighted.raw_score)
    (0.0, 11, 3.6363636363636362, -82)
    """
    low, high = scale_of(question)
    own = tally.within(map(str, range(low, high + 1)))

    def scored(counts: Mapping[str, float]) -> Score:
        ratings = {int(value): n for value, n in counts.items()}
        return score_question(question, ratings, certainty)

    return weighted(own, scored)


def weighted(tally: Tally, scored: Callable[[Mapping[str, float]], Score]) -> Score:
    """The raw score with the weighted number, and all that says how sure it is, in its place.

    The usual interval of each kind, over the weighted shares of as many answers as they are worth.
    """
    raw, told = scored(tally.counts), scored(tally.worth)
    worth = kish(tally)
    estimate = Estimate(told.score, told.low, told.high, told.variance, told.method, told.level)
    return msgspec.structs.replace(
        told,
        n=raw.n,
        counts=raw.counts,
        groups=raw.groups,
        answers_wanted=answers_wanted(estimate, raw.range_high - raw.range_low, raw.n),
        weighted=Weighted(
            effective_n=worth,
            design_effect=raw.n / worth if worth else None,
            raw_score=raw.score,
            raw_low=raw.low,
            raw_high=raw.high,
        ),
    )

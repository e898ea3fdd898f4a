"""Scores from histograms of ratings: raw number, counts, and a 95 % interval that is honest.

Every function takes `counts`, a map of rating to the number of answers that chose it, and gives one
`Score`. Ratings outside the scale are left out. Nobody answered: the score is None, never 0.
Nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import msgspec
from msgspec import structs

from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.intervals import (
    mean_interval,
    net_promoter_interval,
    share_interval,
)
from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.types import as_rating

Metric: TypeAlias = Literal["nps", "csat", "ces", "ces_v1", "rating", "sus", "pmf"]
Method: TypeAlias = Literal["adjusted_wald", "wilson", "adjusted_normal"]
Unit: TypeAlias = Literal["points", "percent", "mean", "index"]
Direction: TypeAlias = Literal["higher_is_better", "lower_is_better"]
Tone: TypeAlias = Literal["good", "middle", "bad"]
Groups: TypeAlias = Mapping[str, range]


class Score(msgspec.Struct, kw_only=True, frozen=True):
    """One number computed from the ratings of one question, with what is needed to trust it."""

    question: str
    metric: Metric
    score: float | None
    """The raw number, not rounded; None when nobody answered."""
    n: int
    """Answers counted: those to this question that are visible."""
    low: float | None
    """Lower end of the 95 % interval of `score`."""
    high: float | None
    method: Method
    """How the interval of `score` was computed."""
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


def net_promoter_score(question: str, counts: Mapping[int, int]) -> Score:
    """Share of promoters (9-10) minus share of detractors (0-6), times 100: -100..100.

    Passives (7-8) stay in the denominator; people who skipped the question do not. Source:
    Reichheld 2003, "The one number you need to grow", Harvard Business Review 81(12); interval:
    adjusted Wald (`net_promoter_interval`).

    >>> score = net_promoter_score("recommend", {9: 5, 10: 4, 3: 2})
    >>> round(score.score, 1), score.n, round(score.low, 1), round(score.high, 1)
    (63.6, 11, 8.0, 92.0)
    >>> net_promoter_score("recommend", {}).score is None
    True
    """
    base = _score(question, "nps", counts, (0, 10), _NPS_GROUPS)
    if base.n == 0:
        return base
    up, down = base.groups["promoters"], base.groups["detractors"]
    ends = net_promoter_interval(up, down, base.n)
    return structs.replace(base, score=100 * (up - down) / base.n, low=ends.low, high=ends.high)


def customer_satisfaction(
    question: str, counts: Mapping[int, int], low: int = 1, high: int = 5
) -> Score:
    """Share of ratings in the two best places (top-two box), in percent: 0..100.

    The mean stands beside it, on the scale of the question. Source: the customary definition.
    Interval of the share: Wilson (`share_interval`); of the mean: `mean_interval`.

    >>> score = customer_satisfaction("service", {5: 12, 4: 6, 2: 2})
    >>> score.score, round(score.low, 1), round(score.high, 1), score.mean
    (90.0, 69.9, 97.2, 4.4)
    """
    groups = _boxes(low, high, _CSAT_NAMES)
    return _headline_share(_score(question, "csat", counts, (low, high), groups))


def customer_effort(
    question: str, counts: Mapping[int, int], variant: Literal["2.0", "1"] = "2.0"
) -> Score:
    """Mean effort rating: 1..7 and higher is better for 2.0, 1..5 and lower is better for 1.

    `2.0` asks for agreement that the company made it easy; `share` is that of 5-7. `1` asks how
    much effort the customer had to make; `share` is that of 1-2. Source: Dixon, Freeman, Toman
    2010, Harvard Business Review 88(7) (v1); Dixon, Toman, DeLisi 2013, "The Effortless
    Experience" (2.0). Intervals: `mean_interval`, and Wilson for the share.

    >>> score = customer_effort("ease", {7: 4, 6: 3, 5: 2, 2: 1})
    >>> score.score, score.share, score.direction
    (5.8, 90.0, 'higher_is_better')
    >>> customer_effort("effort", {1: 3, 5: 1}, "1").direction
    'lower_is_better'
    """
    if variant == "2.0":
        return _headline_mean(_score(question, "ces", counts, (1, 7), _CES_GROUPS))
    return _headline_mean(_score(question, "ces_v1", counts, (1, 5), _CES_V1_GROUPS))


def rating_score(
    question: str, counts: Mapping[int, int], low: int = 1, high: int = 5, *, thumbs: bool = False
) -> Score:
    """Mean rating on a scale of 2 to 11 points; `share` is that of the two best places.

    On scales of 2 or 3 points only the best place counts, or the share would take in the middle.
    For thumbs the score is the share of thumbs up, in percent. Intervals: `mean_interval`, and
    Wilson for shares.

    >>> score = rating_score("stars", {5: 6, 4: 3, 3: 1})
    >>> score.score, score.share, round(score.low, 2), round(score.high, 2)
    (4.5, 90.0, 3.68, 4.82)
    >>> rating_score("useful", {1: 3, 0: 1}, 0, 1, thumbs=True).score
    75.0
    """
    if thumbs:
        groups = _boxes(low, high, _THUMB_NAMES)
        return _headline_share(_score(question, "rating", counts, (low, high), groups))
    groups = _boxes(low, high, _RATING_NAMES)
    return _headline_mean(_score(question, "rating", counts, (low, high), groups))


def score_question(question: q.RatingQuestion, counts: Mapping[int, int]) -> Score:
    """The score that belongs to the question's type, over a histogram of its ratings."""
    low, high = q.scale_of(question)
    match question:
        case q.Nps():
            return net_promoter_score(question.key, counts)
        case q.Csat():
            return customer_satisfaction(question.key, counts, low, high)
        case q.Ces():
            return customer_effort(question.key, counts, question.variant)
        case q.Rating():
            return rating_score(question.key, counts, low, high, thumbs=question.style == "thumbs")


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


def rating_groups(question: q.RatingQuestion) -> Groups:
    """The named groups of ratings that the question's score uses, from low ratings to high ones."""
    low, high = q.scale_of(question)
    match question:
        case q.Nps():
            return _NPS_GROUPS
        case q.Csat():
            return _boxes(low, high, _CSAT_NAMES)
        case q.Ces():
            return _CES_GROUPS if question.variant == "2.0" else _CES_V1_GROUPS
        case q.Rating():
            return _boxes(low, high, _THUMB_NAMES if question.style == "thumbs" else _RATING_NAMES)


def rating_tone(question: q.RatingQuestion, rating: int) -> Tone:
    """Whether a rating is good or bad news, by its group and the direction of the metric."""
    names = [name for name, span in rating_groups(question).items() if rating in span]
    if not names:
        return "middle"
    return _TONES[names[0]]


_NPS_GROUPS = {"detractors": range(7), "passives": range(7, 9), "promoters": range(9, 11)}
_CES_GROUPS = {"difficult": range(1, 4), "neutral": range(4, 5), "easy": range(5, 8)}
_CES_V1_GROUPS = {"low_effort": range(1, 3), "neutral": range(3, 4), "high_effort": range(4, 6)}
_CSAT_NAMES = ("dissatisfied", "neutral", "satisfied")
_RATING_NAMES = ("bottom", "middle", "top")
_THUMB_NAMES = ("down", "neutral", "up")
_BAD = ("detractors", "dissatisfied", "difficult", "high_effort", "bottom", "down")
_MIDDLE = ("passives", "neutral", "middle")
_GOOD = ("promoters", "satisfied", "easy", "low_effort", "top", "up")
_TONES: dict[str, Tone] = {
    **dict.fromkeys(_BAD, "bad"),
    **dict.fromkeys(_MIDDLE, "middle"),
    **dict.fromkeys(_GOOD, "good"),
}


def _boxes(low: int, high: int, names: tuple[str, str, str]) -> dict[str, range]:
    """Bottom and top boxes of two places each (one on short scales), and what lies between."""
    size = 2 if high - low >= 3 else 1
    spans = (
        range(low, low + size),
        range(low + size, high - size + 1),
        range(high - size + 1, high + 1),
    )
    return {name: span for name, span in zip(names, spans, strict=True) if span}


def _score(
    question: str,
    metric: Metric,
    counts: Mapping[int, int],
    scale: tuple[int, int],
    groups: Groups,
) -> Score:
    """Everything but the headline: counts, groups, the mean, and the share of the best group."""
    low, high = scale
    kept = {rating: counts.get(rating, 0) for rating in range(low, high + 1)}
    n = sum(kept.values())
    sizes = {name: sum(kept[rating] for rating in span) for name, span in groups.items()}
    mean = sum(rating * count for rating, count in kept.items()) / n if n else None
    spread = mean_interval(kept, low, high) if n else None
    best = next(size for name, size in sizes.items() if _TONES[name] == "good")
    share = share_interval(best, n) if n and metric != "nps" else None
    return Score(
        question=question,
        metric=metric,
        score=None,
        n=n,
        low=None,
        high=None,
        method="adjusted_wald",
        unit="points",
        direction="lower_is_better" if metric == "ces_v1" else "higher_is_better",
        range_low=-100,
        range_high=100,
        counts={str(rating): count for rating, count in kept.items()},
        groups=sizes,
        mean=mean,
        mean_low=spread.low if spread else None,
        mean_high=spread.high if spread else None,
        share=100 * best / n if share else None,
        share_low=100 * share.low if share else None,
        share_high=100 * share.high if share else None,
    )


def _headline_share(base: Score) -> Score:
    return structs.replace(
        base,
        score=base.share,
        low=base.share_low,
        high=base.share_high,
        method="wilson",
        unit="percent",
        range_low=0,
        range_high=100,
    )


def _headline_mean(base: Score) -> Score:
    ratings = [int(rating) for rating in base.counts]
    return structs.replace(
        base,
        score=base.mean,
        low=base.mean_low,
        high=base.mean_high,
        method="adjusted_normal",
        unit="mean",
        range_low=ratings[0],
        range_high=ratings[-1],
    )

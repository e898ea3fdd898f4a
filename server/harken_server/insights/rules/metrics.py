"""The metrics: one function each, from a histogram of ratings to a score.

Every function takes `counts`, a map of rating to the number of answers that chose it, and gives one
`Score`. Ratings outside the scale are left out. Nobody answered: the score is None, never 0.
Nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

from harken_server.insights.rules.estimates import (
    USUAL,
    Certainty,
    Plain,
    mean_estimate,
    net_estimate,
    plain_mean,
    plain_net,
    plain_share,
    share_estimate,
)
from harken_server.insights.rules.groups import (
    CES_GROUPS,
    CES_V1_GROUPS,
    CSAT_NAMES,
    NPS_GROUPS,
    RATING_NAMES,
    THUMB_NAMES,
    TONES,
    Groups,
    boxes,
)
from harken_server.insights.rules.scores import Metric, Score, Unit, score_of
from harken_server.surveys.questions import types as q

Headline: TypeAlias = Literal["net", "share", "mean"]
"""Which number of a histogram is the score: promoters less detractors, the best group, the mean."""


class Shape(NamedTuple):
    """How a histogram becomes a score."""

    metric: Metric
    low: int
    """The scale of its ratings."""
    high: int
    groups: Groups
    headline: Headline


def net_promoter_score(
    question: str,
    counts: Mapping[int, float],
    variant: Literal["customer", "employee"] = "customer",
    certainty: Certainty = USUAL,
    *,
    alone: bool = False,
) -> Score:
    """Share of promoters (9-10) minus share of detractors (0-6), times 100: -100..100.

    `employee` asks of a place to work; its number is the eNPS. Passives (7-8) stay in the
    denominator; people who skipped the question do not. Source: Reichheld 2003, "The one number you
    need to grow", Harvard Business Review 81(12); interval: `net_promoter_interval`.

    >>> score = net_promoter_score("recommend", {9: 5, 10: 4, 3: 2})
    >>> round(score.score, 1), score.n, round(score.low, 1), round(score.high, 1)
    (63.6, 11, 8.0, 92.0)
    >>> net_promoter_score("recommend", {}).score is None
    True
    """
    return _score(question, _nps(variant), counts, certainty, alone=alone)


def customer_satisfaction(
    question: str,
    counts: Mapping[int, float],
    low: int = 1,
    high: int = 5,
    certainty: Certainty = USUAL,
    *,
    alone: bool = False,
) -> Score:
    """Share of ratings in the two best places (top-two box), in percent: 0..100.

    The mean stands beside it, on the scale of the question. Source: the customary definition.
    Interval of the share: `share_interval`; of the mean: `mean_interval`.

    >>> score = customer_satisfaction("service", {5: 12, 4: 6, 2: 2})
    >>> score.score, round(score.low, 1), round(score.high, 1), score.mean
    (90.0, 69.9, 97.2, 4.4)
    """
    return _score(question, _csat(low, high), counts, certainty, alone=alone)


def customer_effort(
    question: str,
    counts: Mapping[int, float],
    variant: Literal["2.0", "1"] = "2.0",
    certainty: Certainty = USUAL,
    *,
    alone: bool = False,
) -> Score:
    """Mean effort rating: 1..7 and higher is better for 2.0, 1..5 and lower is better for 1.

    `2.0` asks for agreement that the company made it easy; `share` is that of 5-7. `1` asks how
    much effort the customer had to make; `share` is that of 1-2. Source: Dixon, Freeman, Toman
    2010, Harvard Business Review 88(7) (v1); Dixon, Toman, DeLisi 2013, "The Effortless
    Experience" (2.0). Intervals: `mean_interval`, and `share_interval`.

    >>> score = customer_effort("ease", {7: 4, 6: 3, 5: 2, 2: 1})
    >>> score.score, score.share, score.direction
    (5.8, 90.0, 'higher_is_better')
    >>> customer_effort("effort", {1: 3, 5: 1}, "1").direction
    'lower_is_better'
    """
    return _score(question, _ces(variant), counts, certainty, alone=alone)


def rating_score(
    question: str,
    counts: Mapping[int, float],
    low: int = 1,
    high: int = 5,
    certainty: Certainty = USUAL,
    *,
    thumbs: bool = False,
    alone: bool = False,
) -> Score:
    """Mean rating on a scale of 2 to 11 points; `share` is that of the two best places.

    On scales of 2 or 3 points only the best place counts, or the share would take in the middle.
    For thumbs the score is the share of thumbs up, in percent. Intervals: `mean_interval`, and
    `share_interval`.

    >>> score = rating_score("stars", {5: 6, 4: 3, 3: 1})
    >>> score.score, score.share, round(score.low, 2), round(score.high, 2)
    (4.5, 90.0, 3.68, 4.82)
    >>> rating_score("useful", {1: 3, 0: 1}, 0, 1, thumbs=True).score
    75.0
    """
    return _score(question, _rating(low, high, thumbs=thumbs), counts, certainty, alone=alone)


def choice_share(
    question: str, choice: str, hits: float, n: float, certainty: Certainty = USUAL
) -> Score:
    """Share of the answers that could make a choice and made it, in percent: 0..100.

    >>> choice_share("why", "price", 3, 12).score
    25.0
    """
    share = share_estimate(hits, n, certainty)
    return score_of(
        question,
        "share",
        share,
        n=n,
        unit="percent",
        range_=(0, 100),
        counts={choice: hits},
        groups={"chosen": hits, "not_chosen": n - hits},
        share=share,
    )


def score_question(
    question: q.RatingQuestion,
    counts: Mapping[int, float],
    certainty: Certainty = USUAL,
    *,
    alone: bool = False,
) -> Score:
    """The score that belongs to the question's type, over a histogram of its ratings.

    `alone` leaves out the share and the mean that stand beside the score: half the work.
    """
    return _score(question.key, shape_of(question), counts, certainty, alone=alone)


def plain_score(question: q.RatingQuestion, counts: Mapping[int, int]) -> Plain | None:
    """The number of `score_question` and its spread alone; None where nobody answered."""
    shape = shape_of(question)
    sizes = {
        name: sum([counts.get(each, 0) for each in span]) for name, span in shape.groups.items()
    }
    if not (n := sum(sizes.values())):  # the groups make up the scale
        return None
    if shape.headline == "mean":
        kept = {each: counts.get(each, 0) for each in range(shape.low, shape.high + 1)}
        return plain_mean(kept, n)
    if shape.headline == "net":
        return plain_net(sizes["promoters"], sizes["detractors"], n)
    return plain_share(_best(sizes), n)


def shape_of(question: q.RatingQuestion) -> Shape:
    """How the answers to a question become its score."""
    match question:
        case q.Nps():
            return _nps(question.variant)
        case q.Csat():
            return _csat(*q.scale_of(question))
        case q.Ces():
            return _ces(question.variant)
        case q.Rating():
            return _rating(*q.scale_of(question), thumbs=question.style == "thumbs")


@cache
def _nps(variant: Literal["customer", "employee"]) -> Shape:
    return Shape("enps" if variant == "employee" else "nps", 0, 10, NPS_GROUPS, "net")


@cache
def _csat(low: int, high: int) -> Shape:
    return Shape("csat", low, high, boxes(low, high, CSAT_NAMES), "share")


@cache
def _ces(variant: Literal["2.0", "1"]) -> Shape:
    if variant == "2.0":
        return Shape("ces", 1, 7, CES_GROUPS, "mean")
    return Shape("ces_v1", 1, 5, CES_V1_GROUPS, "mean")


@cache
def _rating(low: int, high: int, *, thumbs: bool) -> Shape:
    groups = boxes(low, high, THUMB_NAMES if thumbs else RATING_NAMES)
    return Shape("rating", low, high, groups, "share" if thumbs else "mean")


def _sizes(shape: Shape, kept: Mapping[int, float]) -> dict[str, float]:
    return {name: sum([kept[each] for each in span]) for name, span in shape.groups.items()}


def _best(sizes: Mapping[str, float]) -> float:
    return next(size for name, size in sizes.items() if TONES[name] == "good")


_UNITS: dict[Headline, Unit] = {"net": "points", "share": "percent", "mean": "mean"}
_RANGES: dict[Headline, tuple[int, int]] = {"net": (-100, 100), "share": (0, 100)}


def _score(
    question: str,
    shape: Shape,
    counts: Mapping[int, float],
    certainty: Certainty,
    *,
    alone: bool,
) -> Score:
    metric, low, high, _, headline = shape
    kept = {rating: counts.get(rating, 0) for rating in range(low, high + 1)}
    n, sizes = sum(kept.values()), _sizes(shape, kept)
    share = mean = None
    match headline:
        case "net":
            estimate = net_estimate(sizes["promoters"], sizes["detractors"], n, certainty)
        case "share":
            estimate = share = share_estimate(_best(sizes), n, certainty)
        case "mean":
            estimate = mean = mean_estimate(kept, low, high, certainty)
            share = None if alone else share_estimate(_best(sizes), n, certainty)
    if mean is None and not alone:
        mean = mean_estimate(kept, low, high, certainty)
    return score_of(
        question, metric, estimate, n=n, unit=_UNITS[headline],
        range_=_RANGES.get(headline, (low, high)),
        counts={str(rating): count for rating, count in kept.items()},
        groups=sizes, share=share, mean=mean,
    )  # fmt: skip

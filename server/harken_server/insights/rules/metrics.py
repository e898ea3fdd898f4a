"""The metrics: one function each, from a histogram of ratings to a score.

Every function takes `counts`, a map of rating to the number of answers that chose it, and gives one
`Score`. Ratings outside the scale are left out. Nobody answered: the score is None, never 0.
Nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from harken_server.insights.rules.estimates import (
    USUAL,
    Certainty,
    mean_estimate,
    net_estimate,
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
    metric: Metric = "enps" if variant == "employee" else "nps"
    return _score(
        question,
        metric,
        counts,
        scale=(0, 10),
        groups=NPS_GROUPS,
        headline="net",
        certainty=certainty,
        alone=alone,
    )


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
    groups = boxes(low, high, CSAT_NAMES)
    return _score(
        question,
        "csat",
        counts,
        scale=(low, high),
        groups=groups,
        headline="share",
        certainty=certainty,
        alone=alone,
    )


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
    is_newer = variant == "2.0"
    return _score(
        question,
        "ces" if is_newer else "ces_v1",
        counts,
        scale=(1, 7) if is_newer else (1, 5),
        groups=CES_GROUPS if is_newer else CES_V1_GROUPS,
        headline="mean",
        certainty=certainty,
        alone=alone,
    )


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
    groups = boxes(low, high, THUMB_NAMES if thumbs else RATING_NAMES)
    headline: Headline = "share" if thumbs else "mean"
    return _score(
        question,
        "rating",
        counts,
        scale=(low, high),
        groups=groups,
        headline=headline,
        certainty=certainty,
        alone=alone,
    )


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
    key, (low, high) = question.key, q.scale_of(question)
    match question:
        case q.Nps():
            return net_promoter_score(key, counts, question.variant, certainty, alone=alone)
        case q.Csat():
            return customer_satisfaction(key, counts, low, high, certainty, alone=alone)
        case q.Ces():
            return customer_effort(key, counts, question.variant, certainty, alone=alone)
        case q.Rating():
            is_thumbs = question.style == "thumbs"
            return rating_score(key, counts, low, high, certainty, thumbs=is_thumbs, alone=alone)


def _score(
    question: str,
    metric: Metric,
    counts: Mapping[int, float],
    *,
    scale: tuple[int, int],
    groups: Groups,
    headline: Headline,
    certainty: Certainty,
    alone: bool,
) -> Score:
    low, high = scale
    kept = {rating: counts.get(rating, 0) for rating in range(low, high + 1)}
    n = sum(kept.values())
    sizes = {name: sum([kept[rating] for rating in span]) for name, span in groups.items()}
    best = next(size for name, size in sizes.items() if TONES[name] == "good")
    unit: Unit
    range_: tuple[float, float]
    share = mean = None
    match headline:
        case "net":
            estimate = net_estimate(sizes["promoters"], sizes["detractors"], n, certainty)
            unit, range_ = "points", (-100, 100)
        case "share":
            estimate = share = share_estimate(best, n, certainty)
            unit, range_ = "percent", (0, 100)
        case "mean":
            estimate = mean = mean_estimate(kept, low, high, certainty)
            unit, range_ = "mean", scale
            share = None if alone else share_estimate(best, n, certainty)
    if mean is None and not alone:
        mean = mean_estimate(kept, low, high, certainty)
    return score_of(
        question, metric, estimate, n=n, unit=unit, range_=range_,
        counts={str(rating): count for rating, count in kept.items()},
        groups=sizes, share=share, mean=mean,
    )  # fmt: skip

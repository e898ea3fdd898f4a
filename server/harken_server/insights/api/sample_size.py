"""How many answers are needed, before anybody is asked."""

from math import isfinite
from typing import Annotated, Literal

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.insights.api.finding import check_level
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.planning import (
    USUAL_POWER,
    answers_for_difference,
    answers_for_margin,
    net_variance,
    share_variance,
)
from harken_server.workspaces.keyed import Call, get

MOST = 1_000_000_000
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
Positive = Annotated[float, msgspec.Meta(gt=0, le=1_000)]


class SampleSizeQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A margin or a difference, and how answers are expected to spread."""

    metric: Literal["nps", "share", "mean"]
    """share: of a choice, or of satisfied people. In percentage points; NPS in points."""
    margin: Positive | None = None
    """The number is to be known to so much more or less."""
    difference: Positive | None = None
    """Between two groups, or two times, that is to be seen."""
    level: float = USUAL_LEVEL
    """0.8, 0.9, 0.95 or 0.99: of the interval, or of what is called a difference."""
    power: Annotated[float, msgspec.Meta(ge=0.5, le=0.99)] = USUAL_POWER
    """How often a difference that is there is to be seen."""
    promoters: Percent = 50
    """Of NPS, expected; 50 and 50 is the worst case."""
    detractors: Percent = 50
    share: Percent = 50
    """Of a share, expected; 50 is the worst case."""
    deviation: Positive | None = None
    """Of a mean: the standard deviation of single answers; about 1 on five points."""
    population: Annotated[int, msgspec.Meta(ge=1, le=MOST)] | None = None
    """How many people there are, where they are few; of a margin alone."""


class SampleSize(msgspec.Struct, kw_only=True):
    """Answers, not people asked: divide by the share of those who answer."""

    metric: Literal["nps", "share", "mean"]
    answers: int
    """In each group, where a difference was asked for."""
    groups: Literal[1, 2]
    variance: float
    """Of single answers, as expected, in the square of the unit."""
    level: float
    formula: str
    source: str


@get("/sample-size", "get_sample_size", "How many answers a margin or a difference needs")
async def sample_size(_: Call, query: SampleSizeQuery) -> SampleSize:
    """For a margin, or to see a difference as often as `power` says."""
    level = check_level(query.level)
    if (query.margin is None) == (query.difference is None):
        raise BadRequestError("Say either margin or difference.", code="bad_parameter")
    variance = _variance(query)
    if query.margin is not None:
        answers = answers_for_margin(variance, query.margin, level, query.population)
        formula, source = (
            "z² · variance / margin²; of a small population n / (1 + (n - 1) / N)",
            "Cochran 1977, Sampling Techniques, 4.4 and 4.8",
        )
    else:
        by = query.difference or 0
        answers = answers_for_difference(variance, _other(query, variance), by, level, query.power)
        formula, source = (
            "((z₁ · √(2 · pooled variance) + z₂ · √(sum of both variances)) / difference)²",
            "Fleiss, Levin, Paik 2003, Statistical Methods for Rates and Proportions, 4.2.1",
        )
    return SampleSize(
        metric=query.metric,
        answers=answers,
        groups=1 if query.margin is not None else 2,
        variance=variance,
        level=level,
        formula=formula,
        source=source,
    )


def _variance(query: SampleSizeQuery) -> float:
    match query.metric:
        case "nps":
            if query.promoters + query.detractors > 100:
                raise BadRequestError(
                    "promoters and detractors are more than 100 together.", code="bad_parameter"
                )
            return net_variance(query.promoters, query.detractors)
        case "share":
            return share_variance(query.share)
        case "mean":
            if query.deviation is None or not isfinite(query.deviation):
                raise BadRequestError(
                    "A mean needs deviation, the standard deviation of single answers: about 1 on "
                    "five points.",
                    code="bad_parameter",
                )
            return query.deviation * query.deviation


def _other(query: SampleSizeQuery, variance: float) -> float:
    """Of the second group: a share lies the difference further, others spread as the first."""
    if query.metric != "share" or query.difference is None:
        return variance
    for share in (query.share + query.difference, query.share - query.difference):
        if 0 <= share <= 100:
            return share_variance(share)
    raise BadRequestError(
        f"No share is {query.difference:g} points from {query.share:g} %.", code="bad_parameter"
    )

"""A number with its interval and spread: a share, a net share or a mean of ratings."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Literal, NamedTuple, TypeAlias

from harken_server.insights.rules.intervals import (
    USUAL_LEVEL,
    MeanMethod,
    NetMethod,
    ShareMethod,
    mean_interval,
    net_promoter_interval,
    share_interval,
)

Method: TypeAlias = Literal[
    "adjusted_wald", "wilson", "adjusted_normal", "wald", "agresti_coull", "exact", "t",
    "bootstrap", "clustered",
]  # fmt: skip
Asked: TypeAlias = Literal[
    "adjusted_wald", "wilson", "adjusted_normal", "wald", "agresti_coull", "exact", "t", "bootstrap"
]
"""Those that may be chosen; `clustered` is what `repeated=clustered` has."""
Evidence: TypeAlias = Literal["none", "not_enough", "enough"]

ENOUGH = 0.25
"""An interval is narrow enough to go by when it takes up no more of the number's range."""


class Certainty(NamedTuple):
    """How sure intervals are, and by which method each kind of number has its own."""

    level: float = USUAL_LEVEL
    share: ShareMethod = "wilson"
    net: NetMethod = "adjusted_wald"
    mean: MeanMethod = "adjusted_normal"


USUAL = Certainty()


def choose_certainty(level: float, method: Asked | None) -> Certainty:
    """That level, and the method for all numbers that can have it; others keep their usual one.

    >>> choose_certainty(0.9, "wald")
    Certainty(level=0.9, share='wald', net='wald', mean='adjusted_normal')
    """
    chosen = Certainty(level)
    match method:
        case "wald":
            return chosen._replace(share=method, net=method)
        case "wilson" | "agresti_coull" | "exact":
            return chosen._replace(share=method)
        case "adjusted_wald":
            return chosen._replace(net=method)
        case "adjusted_normal" | "t" | "bootstrap":
            return chosen._replace(mean=method)
        case None:
            return chosen


class Estimate(NamedTuple):
    """A number, not rounded, in its unit; all None when nobody answered."""

    value: float | None
    low: float | None
    high: float | None
    variance: float | None
    """Of single answers, in the square of the unit: the standard error is √(variance/n)."""
    method: Method
    level: float

    @property
    def margin(self) -> float | None:
        """Half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


class Plain(NamedTuple):
    """A number without an interval: all that a test needs, in a third of the time."""

    value: float
    variance: float
    """Of single answers, in the square of the unit."""
    n: float


def plain_share(hits: float, n: float) -> Plain:
    """A share in percent; its variance is p·(1 - p)."""
    return Plain(100 * hits / n, 10_000 * hits * (n - hits) / (n * n), n)


def plain_net(up: float, down: float, n: float) -> Plain:
    """One share less another, in points; its variance is p + d - (p - d)²."""
    net = (up - down) / n
    return Plain(100 * net, 10_000 * ((up + down) / n - net * net), n)


def plain_mean(counts: Mapping[int, float], n: float) -> Plain:
    """The mean of ratings; the variance is that of all n."""
    mean = sum([rating * count for rating, count in counts.items()]) / n
    return Plain(
        mean, sum([count * (rating - mean) ** 2 for rating, count in counts.items()]) / n, n
    )


def share_estimate(hits: float, n: float, certainty: Certainty = USUAL) -> Estimate:
    """A share in percent, of nobody perhaps: `plain_share` with an interval."""
    if n == 0:
        return Estimate(None, None, None, None, certainty.share, certainty.level)
    low, high = share_interval(hits, n, certainty.level, certainty.share)
    share, variance, _ = plain_share(hits, n)
    return Estimate(share, 100 * low, 100 * high, variance, certainty.share, certainty.level)


def net_estimate(up: float, down: float, n: float, certainty: Certainty = USUAL) -> Estimate:
    """One share less another, in points: `plain_net` with an interval."""
    if n == 0:
        return Estimate(None, None, None, None, certainty.net, certainty.level)
    ends = net_promoter_interval(up, down, n, certainty.level, certainty.net)
    net, variance, _ = plain_net(up, down, n)
    return Estimate(net, *ends, variance, certainty.net, certainty.level)


def mean_estimate(
    counts: Mapping[int, float], low: int, high: int, certainty: Certainty = USUAL, step: float = 1
) -> Estimate:
    """The mean of ratings `low`..`high`, all of it times `step`; the variance is that of all n."""
    n = sum(counts.values())
    if n == 0:
        return Estimate(None, None, None, None, certainty.mean, certainty.level)
    mean, variance, _ = plain_mean(counts, n)
    ends = mean_interval(counts, low, high, certainty.level, certainty.mean)
    return Estimate(
        step * mean,
        step * ends.low,
        step * ends.high,
        step * step * variance,
        certainty.mean,
        certainty.level,
    )


def weigh_evidence(estimate: Estimate, span: float) -> Evidence:
    """Whether the interval is narrow enough beside the whole range of the number, `span`.

    By its width, not by n: ninety answers that disagree may tell less than thirty that agree.

    >>> weigh_evidence(share_estimate(12, 12), 100), weigh_evidence(share_estimate(12, 24), 100)
    ('enough', 'not_enough')
    """
    margin = estimate.margin
    if margin is None:
        return "none"
    return "enough" if 2 * margin <= ENOUGH * span else "not_enough"


def answers_wanted(estimate: Estimate, span: float, n: int) -> int | None:
    """About how many answers in all would be enough, should they spread alike; None where it is.

    Widths shrink with the root of n.

    >>> answers_wanted(share_estimate(12, 24), 100, 24)
    53
    """
    margin = estimate.margin
    if margin is None:
        return None
    times = 2 * margin / (ENOUGH * span)
    return None if times <= 1 else ceil(n * times * times)

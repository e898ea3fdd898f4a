"""How many answers are needed: for a margin, or to see a difference."""

from __future__ import annotations

from math import ceil, sqrt

from harken_server.insights.rules.intervals import USUAL_LEVEL, quantile_of
from harken_server.insights.rules.probability import normal_quantile

USUAL_POWER = 0.8


def share_variance(share: float) -> float:
    """Of single answers, in percent squared; `share` in percent. Largest at 50.

    >>> share_variance(50)
    2500
    """
    return share * (100 - share)


def net_variance(promoters: float, detractors: float) -> float:
    """Of single answers, in points squared; both in percent. Largest at 50 and 50: 10,000.

    >>> net_variance(50, 20)
    6100
    """
    net = promoters - detractors
    return 100 * (promoters + detractors) - net * net


def answers_for_margin(
    variance: float, margin: float, level: float = USUAL_LEVEL, population: int | None = None
) -> int:
    """Answers that make an interval of number ± margin, both in one unit; the least is 1.

    n = z²·variance/margin²; out of a small population n/(1 + (n - 1)/N). Source: Cochran 1977,
    Sampling Techniques, sections 4.4 and 4.8.

    >>> [answers_for_margin(2500, margin) for margin in (5, 3, 10)]
    [385, 1068, 97]
    >>> answers_for_margin(2500, 5, population=1000)
    278
    """
    wanted = quantile_of(level) ** 2 * variance / (margin * margin)
    if population is not None:
        wanted /= 1 + (wanted - 1) / population
    return max(1, ceil(wanted - 1e-9))


def answers_for_difference(
    here: float, there: float, by: float, level: float = USUAL_LEVEL, power: float = USUAL_POWER
) -> int:
    """Answers in each of two groups, so that a true difference is seen that often.

    n = ((z₁·√(2·v) + z₂·√(variance here + variance there))/by)², where v is the variance of both
    groups together, by²/4 more than their mean, z₁ leaves (1 - level)/2 and z₂ leaves 1 - power:
    for the test of `differences.chance_of`. Source: Fleiss, Levin, Paik 2003, Statistical Methods
    for Rates and Proportions, section 4.2.1, carried over to other variances.

    >>> answers_for_difference(share_variance(80), share_variance(70), 10)
    294
    """
    together = here + there + by * by / 2
    reach = quantile_of(level) * sqrt(together) + normal_quantile(power) * sqrt(here + there)
    return max(1, ceil((reach / by) ** 2 - 1e-9))

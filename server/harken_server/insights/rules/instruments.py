"""Numbers of published instruments, which several answers or a certain choice make."""

from __future__ import annotations

from collections.abc import Mapping

from harken_server.insights.rules.intervals import mean_interval, share_interval
from harken_server.insights.rules.scores import Score
from harken_server.surveys.instruments import DISAPPOINTED

SUS_POINTS = 40
"""Most points of the ten statements together: 0 to 4 each."""
_STEP = 100 / SUS_POINTS


def system_usability_scale(points: Mapping[int, int]) -> Score:
    """The mean of people's scores, 0..100 and no percentage; `points` 0..40 to how many had them.

    An odd statement gives its rating less 1, an even one 5 less its rating; the sum times 2.5 is a
    person's score. Only who rated all ten is in it. Source: Brooke 1996, "SUS: a quick and dirty
    usability scale"; interval: `mean_interval` over the 41 possible scores.

    >>> score = system_usability_scale({20: 1, 30: 1})
    >>> score.score, score.n, score.range_high
    (62.5, 2, 100)
    """
    n = sum(points.values())
    mean = sum(sum_ * count for sum_, count in points.items()) / n if n else None
    ends = mean_interval(points, 0, SUS_POINTS) if n else None
    return Score(
        question="sus",
        metric="sus",
        score=None if mean is None else _STEP * mean,
        n=n,
        low=_STEP * ends.low if ends else None,
        high=_STEP * ends.high if ends else None,
        method="adjusted_normal",
        unit="index",
        direction="higher_is_better",
        range_low=0,
        range_high=100,
        counts={f"{_STEP * at:g}": points.get(at, 0) for at in range(SUS_POINTS + 1)},
        groups={},
        mean=None,
        mean_low=None,
        mean_high=None,
    )


def product_market_fit(question: str, counts: Mapping[str, int]) -> Score:
    """Share "very disappointed" of those who still use the product, in percent.

    `counts` are those of the choices; others than `very`, `somewhat` and `not` are left out, such
    as "I no longer use it". 40 % is the usual mark. Source: Ellis 2009; interval: Wilson.

    >>> score = product_market_fit("miss", {"very": 9, "somewhat": 8, "not": 3, "no_longer": 5})
    >>> score.score, score.n
    (45.0, 20)
    """
    groups = {f"{choice}_disappointed": counts.get(choice, 0) for choice in DISAPPOINTED}
    n = sum(groups.values())
    very = groups["very_disappointed"]
    ends = share_interval(very, n) if n else None
    share = 100 * very / n if n else None
    low, high = (100 * ends.low, 100 * ends.high) if ends else (None, None)
    return Score(
        question=question,
        metric="pmf",
        score=share,
        n=n,
        low=low,
        high=high,
        method="wilson",
        unit="percent",
        direction="higher_is_better",
        range_low=0,
        range_high=100,
        counts={choice: counts.get(choice, 0) for choice in DISAPPOINTED},
        groups=groups,
        mean=None,
        mean_low=None,
        mean_high=None,
        share=share,
        share_low=low,
        share_high=high,
    )

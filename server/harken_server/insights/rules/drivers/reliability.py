"""Reliability: whether items that are meant to measure one thing go together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harken_server.insights.rules.drivers.items import Item
from harken_server.insights.rules.drivers.records import ItemReliability, Reliability
from harken_server.insights.rules.drivers.sums import Floats, Ratings, complete_rows
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.probability import beta_quantile

FEWEST = 10
"""Complete responses; with fewer the interval covers nearly all there is."""


def find_reliability(
    scale: str,
    items: Sequence[Item],
    ratings: Ratings,
    turned: frozenset[str] = frozenset(),
    level: float = USUAL_LEVEL,
) -> Reliability:
    """`turned` names items that are reverse keyed: they are flipped on their scale first.

    alpha = k/(k - 1) · (1 - sum of the items' variances / variance of their sum), variances by
    n - 1. Source: Cronbach 1951, Psychometrika 16(3), 297-334; interval: Feldt 1965, Psychometrika
    30(3), 357-370.
    """
    whole = complete_rows(ratings).astype(np.float64)
    refused = _refusal(items, whole)
    if refused is not None:
        return Reliability(scale=scale, items=(), n=len(whole), refused=refused)
    keyed = whole.copy()
    for place, item in enumerate(items):
        if item.name in turned:
            keyed[:, place] = item.low + item.high - keyed[:, place]
    cov = np.atleast_2d(np.cov(keyed, rowvar=False))
    alpha = _alpha(cov)
    if alpha is None:
        why = "The items' sum is the same for everybody: alpha is not defined."
        return Reliability(scale=scale, items=(), n=len(whole), refused=why)
    low, high = _feldt(alpha, len(whole), len(items), level)
    mean_r = _mean_correlation(cov)
    return Reliability(
        scale=scale, n=len(whole), alpha=alpha, low=low, high=high,
        standardised=_standardised(mean_r, len(items)),
        mean_correlation=mean_r, items=_each(items, whole, cov, turned),
    )  # fmt: skip


def _refusal(items: Sequence[Item], whole: Floats) -> str | None:
    if len(items) < 2:
        return "Two items are needed at least."
    if len(whole) < FEWEST:
        return (
            f"{len(whole)} responses rate all {len(items)} items; {FEWEST} are needed. "
            "Responses that leave one out do not count here."
        )
    return None


def _alpha(cov: Floats) -> float | None:
    """None of items whose sum does not vary."""
    total = float(cov.sum())
    if total <= 1e-12:
        return None
    k = len(cov)
    return k / (k - 1) * (1 - float(np.trace(cov)) / total)


def _feldt(alpha: float, n: int, k: int, level: float) -> tuple[float, float]:
    """(1 - alpha) / (1 - estimate) has an F distribution, of n - 1 and (n - 1)(k - 1) degrees."""
    tail = (1 - level) / 2
    first, second = n - 1, (n - 1) * (k - 1)
    ends = [_f_quantile(share, first, second) for share in (1 - tail, tail)]
    return 1 - (1 - alpha) * ends[0], 1 - (1 - alpha) * ends[1]


def _f_quantile(share: float, first: int, second: int) -> float:
    """From the beta distribution: DLMF 8.17."""
    x = beta_quantile(share, first / 2, second / 2)
    return second * x / (first * (1 - x))


def _mean_correlation(cov: Floats) -> float | None:
    spread = np.sqrt(np.diag(cov))
    if (spread <= 1e-9).any():
        return None
    table = cov / np.outer(spread, spread)
    k = len(cov)
    return float((table.sum() - k) / (k * (k - 1)))


def _standardised(mean_r: float | None, k: int) -> float | None:
    if mean_r is None or abs(1 + (k - 1) * mean_r) < 1e-9:
        return None
    return k * mean_r / (1 + (k - 1) * mean_r)


def _each(
    items: Sequence[Item], whole: Floats, cov: Floats, turned: frozenset[str]
) -> tuple[ItemReliability, ...]:
    return tuple(
        ItemReliability(
            item=item.name,
            is_reversed=item.name in turned,
            mean=float(whole[:, place].mean()),
            deviation=float(whole[:, place].std(ddof=1)),
            item_total=_item_total(cov, place),
            alpha_without=_without(cov, place),
        )
        for place, item in enumerate(items)
    )


def _item_total(cov: Floats, place: int) -> float | None:
    """Without the item itself, or it would go with itself."""
    others = np.arange(len(cov)) != place
    spread = float(cov[place, place] * cov[np.ix_(others, others)].sum())
    return float(cov[place, others].sum()) / spread**0.5 if spread > 1e-12 else None


def _without(cov: Floats, place: int) -> float | None:
    others = np.arange(len(cov)) != place
    return _alpha(cov[np.ix_(others, others)]) if len(cov) > 2 else None

"""Drivers: which items go with an outcome, how surely, and where to begin. Never what causes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from harken_server.insights.rules.drivers.enough import is_constant, why_refused, with_enough
from harken_server.insights.rules.drivers.importance import importance
from harken_server.insights.rules.drivers.items import Item
from harken_server.insights.rules.drivers.records import (
    MOST_EXACT,
    ROUNDS,
    Driver,
    Drivers,
    Method,
    Quadrant,
    Wish,
)
from harken_server.insights.rules.drivers.sums import (
    MISSING,
    Floats,
    Ratings,
    Sums,
    block_sums,
    complete_rows,
    correlations,
)

_NOTHING = 1e-12


def find_drivers(items: Sequence[Item], ratings: Ratings, wish: Wish, *, named: bool) -> Drivers:
    """`ratings` has the items, and the outcome last. Of items that are `named` none is left out:
    where one has too few answers all is refused.
    """
    ratings = ratings[(ratings[:, -1] != MISSING) & (ratings[:, :-1] != MISSING).any(axis=1)]
    is_whole = wish.missing == "listwise"
    chosen = with_enough(items, ratings)
    ratings = ratings[:, [*chosen.kept, len(items)]]
    ratings = complete_rows(ratings) if is_whole else ratings
    kept = [items[place] for place in chosen.kept]
    method = wish.method or ("shapley" if len(kept) <= MOST_EXACT else "relative_weights")
    refused = why_refused(
        len(ratings), chosen, named=named, is_whole=is_whole, is_flat=is_constant(ratings[:, -1])
    )
    if refused is None:
        found = _explain(kept, ratings, wish, method)
    else:
        found = Drivers(method=method, n=len(ratings), refused=refused)
    return msgspec.structs.replace(found, left_out=tuple(chosen.left_out))


class _Drawn(NamedTuple):
    """A number of each item, and its ends."""

    value: Floats
    low: Floats
    high: Floats


def _explain(items: Sequence[Item], ratings: Ratings, wish: Wish, method: Method) -> Drivers:
    blocks = block_sums(ratings, wish.seed)
    sums, draws = blocks.together(), _draws(blocks, wish.seed)
    table, tables = correlations(sums)[None], correlations(draws)
    parts, drawn = importance(table, method), importance(tables, method)

    def told(whole: Floats, drawn: Floats) -> _Drawn:
        low, high = np.percentile(drawn, [50 * (1 - wish.level), 50 * (1 + wish.level)], axis=0)
        return _Drawn(whole[0], low, high)

    means = told(_means(sums, items)[None], _means(draws, items))
    of_all = told(parts.sum(axis=1), drawn.sum(axis=1))
    shares = told(_shares(parts), _shares(drawn))
    cross = 100 / len(items), float(means.value.mean())
    found = [
        Driver(
            item=item.name,
            n=int(sums.n[place, -1]),
            **_three("correlation", told(table[:, :-1, -1], tables[:, :-1, -1]), place),
            **_three("importance", told(parts, drawn), place),
            **_three("share", shares, place),
            **_three("performance", means, place),
            top_box=_top_box(item, ratings[:, place]),
            quadrant=_quadrant(float(shares.value[place]), float(means.value[place]), cross),
        )
        for place, item in enumerate(items)
    ]
    return Drivers(
        method=method, n=len(ratings), drivers=tuple(sorted(found, key=lambda it: -it.importance)),
        r_squared=float(of_all.value), r_squared_low=float(of_all.low),
        r_squared_high=float(of_all.high),
        importance_crosshair=cross[0], performance_crosshair=cross[1],
    )  # fmt: skip


def _three(name: str, drawn: _Drawn, place: int) -> dict[str, float]:
    values = {name: drawn.value, f"{name}_low": drawn.low, f"{name}_high": drawn.high}
    return {each: float(value[place]) for each, value in values.items()}


def _shares(parts: Floats) -> Floats:
    return 100 * parts / np.maximum(parts.sum(axis=1), _NOTHING)[:, None]


def _draws(blocks: Sums, seed: int) -> Sums:
    many = len(blocks.n)
    rng = np.random.default_rng(seed)
    return blocks.drawn(rng.multinomial(many, [1 / many] * many, size=ROUNDS).astype(np.float64))


def _means(sums: Sums, items: Sequence[Item]) -> Floats:
    """Of each item over those who rate the outcome too, on 0..100."""
    means = sums.first[..., :-1, -1] / np.maximum(sums.n[..., :-1, -1], 1)
    return np.stack([performance(item, means[..., at]) for at, item in enumerate(items)], axis=-1)


def _top_box(item: Item, column: Ratings) -> float:
    given = column[column != MISSING].astype(np.int64)
    size = 2 if item.high - item.low >= 3 else 1
    best = given < item.low + size if item.is_better_low else given > item.high - size
    return float(100 * best.mean())


def _quadrant(share: float, performance: float, cross: tuple[float, float]) -> Quadrant:
    """Martilla, James 1977, Importance-Performance Analysis, Journal of Marketing 41(1), 77-79."""
    if share >= cross[0]:
        return "keep" if performance >= cross[1] else "fix_first"
    return "possible_overkill" if performance >= cross[1] else "low_priority"


def performance(item: Item, mean: Floats) -> Floats:
    """Mean ratings on 0..100, higher is better.

    >>> performance(Item("ease", "ease", 1, 5, is_better_low=True), np.array([2.0])).tolist()
    [75.0]
    """
    share = 100 * (mean - item.low) / (item.high - item.low)
    return 100 - share if item.is_better_low else share

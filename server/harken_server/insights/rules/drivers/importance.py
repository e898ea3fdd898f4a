"""How much of an outcome's variance goes with each item, from a table of correlations.

Both ways share out R², the share of variance that all items explain together, without a remainder
and whatever their order. The outcome is the last item of the table.
"""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

from harken_server.insights.rules.drivers.records import Method
from harken_server.insights.rules.drivers.sums import Floats

_NOTHING = 1e-9
_AT_ONCE = 8
"""Tables worked on together, so that they stay in the cache."""


def importance(tables: Floats, method: Method) -> Floats:
    """(tables, items): each row adds up to that table's R²."""
    if method == "relative_weights":
        return relative_weights(tables)
    pieces = [
        shapley_values(tables[start : start + _AT_ONCE])
        for start in range(0, len(tables), _AT_ONCE)
    ]
    return np.concatenate(pieces)


def shapley_values(tables: Floats) -> Floats:
    """The mean gain in R² over all orders in which items may be taken in (LMG).

    Exact, over every set of items. Source: Lindeman, Merenda, Gold 1980, Introduction to Bivariate
    and Multivariate Analysis, 119-125; as Shapley values Lipovetsky, Conklin 2001, Applied
    Stochastic Models in Business and Industry 17(4), 319-330.
    """
    items = tables.shape[-1] - 1
    return (1 - _left_over(tables)) @ _gains(items)


def relative_weights(tables: Floats) -> Floats:
    """Johnson's: shared out among the nearest items that do not go together, and back.

    Source: Johnson 2000, Multivariate Behavioral Research 35(1), 1-19.
    """
    among, outcome = tables[:, :-1, :-1], tables[:, :-1, -1]
    values, vectors = np.linalg.eigh(among)
    roots = np.sqrt(np.maximum(values, 0))
    inverse = np.divide(1, roots, out=np.zeros_like(roots), where=values > _NOTHING)
    turned = np.swapaxes(vectors, 1, 2)
    loadings = (vectors * roots[:, None, :]) @ turned
    weights = ((vectors * inverse[:, None, :]) @ turned) @ outcome[:, :, None]
    return ((loadings**2) @ (weights**2))[:, :, 0]


def _left_over(tables: Floats) -> Floats:
    """What of the outcome's variance no set of items explains: (tables, sets).

    Item i is in a set whose number has bit i. All sets at once: of each item in turn, what is left
    of the others is kept without it, and with it swept out (Furnival, Wilson 1974, Technometrics
    16(4), 499-511).
    """
    left = tables[:, None]
    while left.shape[-1] > 1:
        pivot, row = left[..., :1, :1], left[..., :1, 1:]
        rest = left[..., 1:, 1:]
        step = np.divide(row, pivot, out=np.zeros_like(row), where=pivot > _NOTHING)
        swept = rest - np.swapaxes(row, -1, -2) * step
        left = np.concatenate([rest, swept], axis=1)
    return np.clip(left[..., 0, 0], 0, 1)


def _gains(items: int) -> Floats:
    """By what each set's R² counts in the mean gain of each item: (sets, items)."""
    sets: NDArray[np.int64] = np.arange(2**items, dtype=np.int64)
    bits: NDArray[np.int64] = np.arange(items, dtype=np.int64)
    inside: NDArray[np.int64] = (sets[:, None] >> bits) & 1
    sizes: NDArray[np.int64] = inside.sum(axis=1, dtype=np.int64)
    shares = np.array(
        [factorial(size) * factorial(items - size - 1) / factorial(items) for size in range(items)]
        + [0.0]
    )
    with_it = shares[np.maximum(sizes - 1, 0)][:, None]
    return np.where(inside == 1, with_it, -shares[sizes][:, None])

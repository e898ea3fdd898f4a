"""Sums over ratings with gaps, from which correlations follow; by blocks, to draw anew from.

A table of ratings has a row a response and a column an item; `MISSING` is no rating.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

MISSING = 255
BLOCKS = 1_000
Floats: TypeAlias = NDArray[np.float64]
Ratings: TypeAlias = NDArray[np.uint8]


class Sums(NamedTuple):
    """For each pair of items over the rows that rate both, as (…, items, items)."""

    n: Floats
    first: Floats
    """Of the first of the pair."""
    squares: Floats
    """Of the first."""
    products: Floats

    def together(self) -> Sums:
        """Over all blocks."""
        return Sums(*(each.sum(axis=0) for each in self))

    def drawn(self, times: Floats) -> Sums:
        """Each block as often as a row of `times` says: (draws, blocks)."""
        blocks = len(self.n)
        return Sums(
            *((times @ each.reshape(blocks, -1)).reshape(-1, *each.shape[1:]) for each in self)
        )


def block_sums(ratings: Ratings, seed: int, blocks: int = BLOCKS) -> Sums:
    """Sums of blocks of rows that chance put together; one row a block where there are few.

    Blocks of alike rows vary as the rows do, so drawing blocks with replacement tells how far a sum
    may be off just as drawing rows does. Source: Davison, Hinkley 1997, Bootstrap Methods and their
    Application, 2.4 and 3.8.
    """
    rows, items = ratings.shape
    blocks = min(rows, blocks)
    size = -(-rows // blocks)
    order = np.random.default_rng(seed).permutation(rows)
    filled = np.full((blocks * size, items), MISSING, np.uint8)
    filled[:rows] = ratings[order]
    # Across the blocks, so that the gaps at the end are shared among them.
    shuffled = filled.reshape(size, blocks, items)
    found = [np.empty((blocks, items, items)) for _ in Sums._fields]
    step = max(1, 50_000 // size)
    for start in range(0, blocks, step):
        some = shuffled[:, start : start + step].transpose(1, 0, 2)
        for target, part in zip(found, _sums(some), strict=True):
            target[start : start + step] = part
    return Sums(*found)


def complete_rows(ratings: Ratings) -> Ratings:
    """Those without a gap."""
    return ratings[(ratings != MISSING).all(axis=1)]


def correlations(sums: Sums) -> Floats:
    """Pearson's of each pair; 0 where one of them does not vary.

    Of pairs that different people rated the table may contradict itself (it has an eigenvalue below
    0): the nearest that does not is taken, by cutting those at 0 (Higham 2002, IMA Journal of
    Numerical Analysis 22(3), one step).
    """
    n = np.maximum(sums.n, 1)
    second = np.swapaxes(sums.first, -1, -2)
    both = sums.products - sums.first * second / n
    own = np.maximum(sums.squares - sums.first**2 / n, 0)
    spread = np.sqrt(own * np.swapaxes(own, -1, -2))
    found = np.divide(both, spread, out=np.zeros_like(both), where=spread > 1e-9)
    found[..., np.eye(found.shape[-1], dtype=bool)] = 1.0
    return _consistent(np.clip(found, -1, 1))


def _sums(some: NDArray[np.uint8]) -> tuple[Any, Any, Any, Any]:
    given = (some != MISSING).astype(np.float32)
    values = np.where(some == MISSING, 0, some).astype(np.float32)
    across = np.swapaxes(values, 1, 2)
    return (
        np.swapaxes(given, 1, 2) @ given,
        across @ given,
        across**2 @ given,
        across @ values,
    )


def _consistent(found: Floats) -> Floats:
    """Float32 sums of small whole numbers are exact, so what is below 0 is a contradiction."""
    values, vectors = np.linalg.eigh(found)
    broken = values[..., 0] < -1e-9
    if not broken.any():
        return found
    flat, values = found.reshape(-1, *found.shape[-2:]), values.reshape(-1, values.shape[-1])
    vectors = vectors.reshape(-1, *vectors.shape[-2:])
    for place in np.flatnonzero(broken):
        kept = (vectors[place] * np.maximum(values[place], 0)) @ vectors[place].T
        scale = np.sqrt(np.maximum(np.diag(kept), 1e-12))
        flat[place] = kept / np.outer(scale, scale)
    return flat.reshape(found.shape)

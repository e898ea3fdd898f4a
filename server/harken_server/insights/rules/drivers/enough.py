"""Which items have enough answers to be drivers, and what is said of those that have not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from harken_server.insights.rules.drivers.items import Item
from harken_server.insights.rules.drivers.records import LeftOut
from harken_server.insights.rules.drivers.sums import MISSING, Ratings

FEWEST_EACH, FEWEST = 10, 50
"""Answers for each driver, and in all. Ten a predictor at least: Harrell 2015, Regression Modeling
Strategies, 4.4; fifty in all is customary of key driver analyses."""


class Chosen(NamedTuple):
    """Places of the items that are kept, and the others."""

    kept: list[int]
    left_out: list[LeftOut]


def answers_needed(items: int) -> int:
    """Of each item, together with each other one and with the outcome.

    >>> answers_needed(3), answers_needed(12)
    (50, 120)
    """
    return max(FEWEST, FEWEST_EACH * items)


def with_enough(items: Sequence[Item], ratings: Ratings) -> Chosen:
    """Drop one item after another, the one that fewest rated beside another, until all have enough;
    then those that everybody rated alike. The outcome is the last column.
    """
    given = (ratings != MISSING).astype(np.float64)
    together = given.T @ given
    outcome = len(items)
    names = [*(item.name for item in items), "the outcome"]
    chosen = Chosen(list(range(outcome)), [])

    def drop(place: int, why: str) -> None:
        chosen.kept.remove(place)
        chosen.left_out.append(LeftOut(names[place], int(together[place, outcome]), why))

    while chosen.kept:
        columns = [*chosen.kept, outcome]
        pairs = [
            (int(together[at, columns].min()), int(together[at, at]), at) for at in chosen.kept
        ]
        n, _, place = min(pairs)
        needed = answers_needed(len(chosen.kept))
        if n >= needed:
            break
        other = names[columns[int(together[place, columns].argmin())]]
        drop(place, f"{n} people rated both it and {other}; {needed} are needed.")
    for place in [at for at in chosen.kept if is_constant(ratings[:, at])]:
        drop(place, "All its ratings are alike.")
    return chosen


def why_refused(
    n: int, chosen: Chosen, *, named: bool, is_whole: bool, is_flat: bool
) -> str | None:
    """In one sentence; None where there is enough. `is_whole`: only responses that rate every item
    count; `is_flat`: the outcome was rated alike by all."""
    if chosen.left_out and (named or not chosen.kept):
        first = chosen.left_out[-1] if not named else chosen.left_out[0]
        return f"{first.item}: {first.why}"
    if not chosen.kept:
        return "There is no other rated item."
    needed = answers_needed(len(chosen.kept))
    if n < needed:
        those = " that rate every item" if is_whole else ""
        return (
            f"{n} responses{those} are too few for {len(chosen.kept)} items: {needed} are needed "
            f"({FEWEST_EACH} for each item, and {FEWEST} in all)."
        )
    return "All ratings of the outcome are alike: nothing can go with them." if is_flat else None


def is_constant(column: Ratings) -> bool:
    """Whether nobody differs; true of no ratings too."""
    given = column[column != MISSING]
    return given.size == 0 or bool(given.min() == given.max())

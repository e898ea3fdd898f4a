"""Raking: weights under which the answers have the shares that the owner declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = tuple[str, ...]
"""What responses have in common that weigh the same: the member of each dimension of the margins,
in their order, or the probability of having been asked."""
Margins: TypeAlias = Mapping[str, Mapping[str, float]]
"""By dimension the share of each of its members; of each dimension they sum up to 1."""

USUAL_CAP = 5.0
"""No answer counts for more than so many average ones, unless another cap is declared: DeBell and
Krosnick 2009, Computing Weights for American National Election Study Survey Data, ANES nes012427.
"""
CLOSE = 1e-12
"""No share is further off when raking ends."""
MET = 1e-6
"""Where it does not come to an end, shares are met when none is further off."""
MOST_ROUNDS = 1_000
_MOST_TRIMS = 50


class Deviation(NamedTuple):
    """The member whose share is furthest from what is declared."""

    dimension: str
    member: str
    reached: float
    declared: float

    @property
    def by(self) -> float:
        """How far, whichever way."""
        return abs(self.reached - self.declared)


class Raked(NamedTuple):
    """Weights, and how well they do it."""

    weights: dict[Cell, float]
    """Of a response in each cell."""
    rounds: int
    trimmed: int
    """Responses that the cap holds back."""
    worst: Deviation | None
    """None without margins."""
    is_possible: bool
    """Whether the shares are all met, but for what the cap holds back."""


def empty_members(sizes: Mapping[Cell, int], margins: Margins) -> list[tuple[str, str]]:
    """Members that are declared and have no response: no weight makes up for nobody."""
    return [
        (dimension, member)
        for place, (dimension, shares) in enumerate(margins.items())
        for member in shares
        if not any(n and cell[place] == member for cell, n in sizes.items())
    ]


def rake(sizes: Mapping[Cell, int], margins: Margins, cap: float = USUAL_CAP) -> Raked:
    """Scale the weights to each margin in turn until all are met; the mean weight is 1.

    `sizes` are the responses of each cell; no member of the margins may be empty
    (`empty_members`), and no cell may have one that is not declared. Where a weight is above the
    cap it is cut to it, the rest makes up for it, and all are raked anew. Source: Deming and
    Stephan 1940, Annals of Mathematical Statistics 11(4), 427-444; cut and raked in turn as in
    ANES nes012427.

    >>> sizes = {("Oslo", "pro"): 10, ("Oslo", "free"): 30, ("Bergen", "free"): 60}
    >>> even = {"store": {"Oslo": 0.5, "Bergen": 0.5}, "plan": {"pro": 0.2, "free": 0.8}}
    >>> [round(weight, 3) for weight in rake(sizes, even).weights.values()]
    [2.0, 1.0, 0.833]
    """
    weights = dict.fromkeys(sizes, 1.0)
    rounds, is_possible = _scale(weights, sizes, margins)
    for _ in range(_MOST_TRIMS):
        if not is_possible or not _hold(weights, sizes, cap):
            break
        rounds += _scale(weights, sizes, margins)[0]
    _hold(weights, sizes, cap)
    held = sum(sizes[cell] for cell, weight in weights.items() if weight >= cap * (1 - 1e-9))
    return Raked(weights, rounds, held, _furthest(weights, sizes, margins), is_possible)


def shares_of(
    sizes: Mapping[Cell, int], place: int, weights: Mapping[Cell, float] | None = None
) -> dict[str, float]:
    """The share of each member of the dimension at this place of the cells."""
    sums: dict[str, float] = {}
    for cell, n in sizes.items():
        sums[cell[place]] = sums.get(cell[place], 0.0) + n * (weights[cell] if weights else 1.0)
    total = sum(sums.values()) or 1.0
    return {member: each / total for member, each in sums.items()}


def _scale(
    weights: dict[Cell, float], sizes: Mapping[Cell, int], margins: Margins
) -> tuple[int, bool]:
    """Rounds needed, and whether the shares are met then."""
    total, worst = sum(sizes.values()), None
    for done in range(1, MOST_ROUNDS + 1):
        for place, shares in enumerate(margins.values()):
            sums = _sums(weights, sizes, place)
            times = {member: shares[member] * total / sums[member] for member in sums}
            for cell in weights:
                weights[cell] *= times[cell[place]]
        worst = _furthest(weights, sizes, margins)
        if worst is None or worst.by <= CLOSE:
            return done, True
    return MOST_ROUNDS, worst is not None and worst.by <= MET


def _sums(weights: Mapping[Cell, float], sizes: Mapping[Cell, int], place: int) -> dict[str, float]:
    sums: dict[str, float] = {}
    for cell, n in sizes.items():
        if n:
            sums[cell[place]] = sums.get(cell[place], 0.0) + n * weights[cell]
    return sums


def _furthest(
    weights: Mapping[Cell, float], sizes: Mapping[Cell, int], margins: Margins
) -> Deviation | None:
    found: Sequence[Deviation] = [
        Deviation(dimension, member, reached.get(member, 0.0), declared)
        for place, (dimension, shares) in enumerate(margins.items())
        for reached in (shares_of(sizes, place, weights),)
        for member, declared in shares.items()
    ]
    return max(found, key=lambda each: each.by, default=None)


def _hold(weights: dict[Cell, float], sizes: Mapping[Cell, int], cap: float) -> bool:
    """Cut what is above the cap, and let the rest make up for it, so that the mean stays 1. Whether
    anything was above it."""
    total, was_above = sum(sizes.values()), False
    while above := [cell for cell, weight in weights.items() if weight > cap * (1 + 1e-9)]:
        was_above = True
        weights.update(dict.fromkeys(above, cap))
        free = [cell for cell, weight in weights.items() if weight < cap]
        held = sum(n * cap for cell, n in sizes.items() if weights[cell] >= cap)
        times = (total - held) / sum(sizes[cell] * weights[cell] for cell in free)
        for cell in free:
            weights[cell] *= times
    return was_above

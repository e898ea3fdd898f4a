"""How the answers were weighted: what an answer with weighted numbers says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from harken_server.insights.rules.formulas import Formula
from harken_server.insights.rules.weighting.raking import Cell, Margins, shares_of

Method: TypeAlias = Literal["asked", "raked"]
Unknown: TypeAlias = Literal["leave_out", "refuse"]

FORMULAS: dict[Method, Formula] = {
    "asked": Formula(
        "weight = 1 / probability with which the person was asked; effective n = (Σw)² / Σw²",
        "Horvitz and Thompson 1952, JASA 47, 663-685; Kish 1965, Survey Sampling, 11.7",
    ),
    "raked": Formula(
        "weights are scaled to each margin in turn until all are met; effective n = (Σw)² / Σw²",
        "Deming and Stephan 1940, Annals of Mathematical Statistics 11(4), 427-444; "
        "Kish 1965, Survey Sampling, 11.7",
    ),
}


class MarginShare(msgspec.Struct, frozen=True):
    """One member of a margin, in parts of 1."""

    dimension: str
    member: str
    declared: float
    answered: float
    """Its share of the responses, each counted once."""
    weighted: float
    """Its share of the weighted responses: the declared one, but for what `trim` holds back."""


class Weighting(msgspec.Struct, kw_only=True, frozen=True):
    """How the responses were weighted; each score says what it is worth itself."""

    method: Method
    n: int
    """Responses that have a weight."""
    effective_n: float
    """As many unweighted ones would tell as much."""
    design_effect: float
    """`n` by `effective_n`."""
    lowest_weight: float
    """Beside the mean weight, which is 1."""
    highest_weight: float
    trim: float | None
    """No weight is higher; null: as high as it comes."""
    trimmed: int
    """Responses whose weight `trim` holds back."""
    unknown: int
    """Responses left out: nobody knows with what probability they were asked, or they are of no
    declared member."""
    rounds: int
    """Of raking, until all margins were met."""
    margins: list[MarginShare]
    formula: str
    source: str


def report_of(
    method: Method,
    sizes: Mapping[Cell, int],
    weights: Mapping[Cell, float],
    *,
    trim: float | None,
    trimmed: int,
    unknown: int,
    rounds: int = 0,
    margins: Margins | None = None,
) -> Weighting:
    """Of responses with at least one weight; weights beside their mean."""
    n = sum(sizes.values())
    total = sum(size * weights[cell] for cell, size in sizes.items())
    squares = sum(size * weights[cell] ** 2 for cell, size in sizes.items())
    mean = total / n
    return Weighting(
        method=method,
        n=n,
        effective_n=total * total / squares,
        design_effect=n * squares / (total * total),
        lowest_weight=min(weights.values()) / mean,
        highest_weight=max(weights.values()) / mean,
        trim=trim,
        trimmed=trimmed,
        unknown=unknown,
        rounds=rounds,
        margins=_shares(sizes, weights, margins or {}),
        formula=FORMULAS[method].formula,
        source=FORMULAS[method].source,
    )


def _shares(
    sizes: Mapping[Cell, int], weights: Mapping[Cell, float], margins: Margins
) -> list[MarginShare]:
    return [
        MarginShare(dimension, member, declared, before[member], after[member])
        for place, (dimension, shares) in enumerate(margins.items())
        for before, after in ((shares_of(sizes, place), shares_of(sizes, place, weights)),)
        for member, declared in shares.items()
    ]

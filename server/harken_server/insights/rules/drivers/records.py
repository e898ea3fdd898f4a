"""What is found of drivers and of reliability, and what may be wished; without numpy."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import msgspec

from harken_server.insights.rules.intervals import USUAL_LEVEL

Method: TypeAlias = Literal["shapley", "relative_weights"]
MOST_EXACT = 15
"""Items that `shapley` takes: it tries each of 32,768 sets of them."""
MOST_ITEMS = 40
ROUNDS = 200
"""How often responses are drawn anew for the intervals."""
SEED = 20_261_130
Missing: TypeAlias = Literal["pairwise", "listwise"]
Quadrant: TypeAlias = Literal["fix_first", "keep", "low_priority", "possible_overkill"]


class Wish(NamedTuple):
    """How drivers are to be found."""

    method: Method | None = None
    """None: shapley of up to 15 items, else relative weights."""
    missing: Missing = "pairwise"
    level: float = USUAL_LEVEL
    seed: int = SEED


class LeftOut(msgspec.Struct, frozen=True):
    """An item that is no driver here."""

    item: str
    n: int
    """Responses that rate it and the outcome."""
    why: str


class Driver(msgspec.Struct, kw_only=True, frozen=True):
    """One item beside the outcome."""

    item: str
    """A question, or a row of a matrix: `parts.speed`."""
    n: int
    """Responses that rate both it and the outcome."""
    correlation: float
    """Pearson's, with the outcome, of ratings as they were given."""
    correlation_low: float
    correlation_high: float
    importance: float
    """Its part of R²: all of them add up to it."""
    importance_low: float
    importance_high: float
    share: float
    """The same in percent of R²."""
    share_low: float
    share_high: float
    performance: float
    """Mean rating on 0..100, higher is better, of those responses."""
    performance_low: float
    performance_high: float
    top_box: float
    """Percent of them that give the two best ratings; the best alone on scales below 4 points."""
    quadrant: Quadrant
    """By the crosshairs: important or not, and done well or not."""


class Drivers(msgspec.Struct, kw_only=True, frozen=True):
    """What was found; `refused` says why there is nothing."""

    method: Method
    n: int
    """Responses with the outcome and at least one of the items; with all of them, of `listwise`."""
    refused: str | None = None
    drivers: tuple[Driver, ...] = ()
    """Most important first."""
    left_out: tuple[LeftOut, ...] = ()
    r_squared: float | None = None
    """Share of the outcome's variance that goes with all of them together."""
    r_squared_low: float | None = None
    r_squared_high: float | None = None
    importance_crosshair: float | None = None
    """Mean importance share, in percent."""
    performance_crosshair: float | None = None
    """Mean performance."""


class Found(NamedTuple):
    """The drivers of the first score; or why there are none."""

    drivers: Drivers | None
    refused: str


class ItemReliability(msgspec.Struct, kw_only=True, frozen=True):
    """One item beside the others of its scale."""

    item: str
    is_reversed: bool
    mean: float
    """As it was rated, before it is turned round."""
    deviation: float
    item_total: float | None
    """Correlation with the sum of the other items; None where one does not vary."""
    alpha_without: float | None
    """Of the others alone; None of two items."""


class Reliability(msgspec.Struct, kw_only=True, frozen=True):
    """Cronbach's alpha of some items; `refused` says why there is none."""

    scale: str
    """The matrix; or `items`, of those that were named."""
    items: tuple[ItemReliability, ...]
    n: int
    """Responses that rate every item; others are left out (listwise)."""
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    standardised: float | None = None
    """From the mean correlation, as if all items varied alike."""
    mean_correlation: float | None = None
    """Between two items."""
    refused: str | None = None

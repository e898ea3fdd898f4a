"""What goes with an outcome, whether items measure one thing, and what happened when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from harken._types.numbers.score import Score, ScoreDifference


class Driver(msgspec.Struct, frozen=True, kw_only=True):
    """One rated item beside the outcome; numbers are not rounded."""

    item: str
    """A question, or of a matrix `parts.speed`."""
    n: int
    correlation: float
    correlation_low: float
    correlation_high: float
    importance: float
    """Its part of R²."""
    importance_low: float
    importance_high: float
    share: float
    """The same in percent of R²."""
    share_low: float
    share_high: float
    performance: float
    """Mean rating on 0 to 100, higher is better."""
    performance_low: float
    performance_high: float
    top_box: float
    """Percentage of the best ratings."""
    quadrant: str
    """`fix_first`, `keep`, `low_priority` or `possible_overkill`."""

    def __str__(self) -> str:
        return (
            f"{self.item}: {self.share:.0f} % of what goes with it ({self.share_low:.0f} to "
            f"{self.share_high:.0f}), performance {self.performance:.0f} of 100, n {self.n}, "
            f"{self.quadrant.replace('_', ' ')}"
        )


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """An item that is no driver, and why."""

    item: str
    n: int
    why: str


class FoundDrivers(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers; `refused` says why there are none."""

    method: str
    n: int
    refused: str | None = None
    drivers: tuple[Driver, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    r_squared: float | None = None
    r_squared_low: float | None = None
    r_squared_high: float | None = None
    importance_crosshair: float | None = None
    performance_crosshair: float | None = None


class Drivers(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with an outcome, most important first; iterates over the drivers."""

    survey: str
    outcome: str
    level: float
    found: FoundDrivers
    says: str = ""
    """What this is not."""
    filter: dict[str, Any] = {}
    formulas: dict[str, dict[str, str]] = {}

    @property
    def refused(self) -> str | None:
        """Why there is nothing, such as too few answers; None where there is."""
        return self.found.refused

    def __iter__(self) -> Iterator[Driver]:
        return iter(self.found.drivers)

    def __len__(self) -> int:
        return len(self.found.drivers)

    def __str__(self) -> str:
        if self.refused is not None:
            return f"no drivers of {self.outcome}: {self.refused}"
        lines = [f"with {self.outcome} go (R² {self.found.r_squared or 0:.2f}, n {self.found.n}):"]
        lines += [f"  {driver}" for driver in self]
        lines += [f"  {each.item} is left out: {each.why}" for each in self.found.left_out]
        return "\n".join([*lines, self.says])


class ItemReliability(msgspec.Struct, frozen=True, kw_only=True):
    """One item beside the others of its scale."""

    item: str
    is_reversed: bool
    mean: float
    deviation: float
    item_total: float | None = None
    alpha_without: float | None = None


class ScaleReliability(msgspec.Struct, frozen=True, kw_only=True):
    """Cronbach's alpha; `refused` says why there is none."""

    scale: str
    n: int
    items: tuple[ItemReliability, ...] = ()
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    standardised: float | None = None
    mean_correlation: float | None = None
    refused: str | None = None


class Reliability(msgspec.Struct, frozen=True, kw_only=True):
    """Of each matrix, or of the items that were named; iterates over the scales."""

    survey: str
    level: float
    scales: tuple[ScaleReliability, ...] = ()
    filter: dict[str, Any] = {}
    formula: dict[str, str] = {}

    def __iter__(self) -> Iterator[ScaleReliability]:
        return iter(self.scales)

    def __len__(self) -> int:
        return len(self.scales)


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened."""

    id: str
    title: str
    kind: str
    day: date
    """Its UTC day."""
    at: datetime | None = None
    survey: str | None = None
    touchpoint: str | None = None
    link: str | None = None


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Days, both included, and their scores."""

    first_day: date
    last_day: date
    scores: tuple[Score, ...] = ()


class BeforeAfter(msgspec.Struct, frozen=True, kw_only=True):
    """Equal spans before and after an annotation, and each score after less the one before."""

    survey: str
    annotation: Annotation
    days: int
    before: Span
    after: Span
    differences: tuple[ScoreDifference, ...] = ()
    says: str = ""

    def __str__(self) -> str:
        head = f"{self.days} days before and after {self.annotation.title} ({self.annotation.day}):"
        lines = [f"  {each.question}: {each}" for each in self.differences]
        return "\n".join([head, *(lines or ["  no question has answers on both sides"]), self.says])

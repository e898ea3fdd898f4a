"""Control limits over a trend: which points are out of what is usual, and why."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


class ControlPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One period beside its limits; `centre` is None where it is not judged."""

    period: str
    n: int
    value: float | None = None
    centre: float | None = None
    low: float | None = None
    high: float | None = None
    statistic: float | None = None
    statistic_down: float | None = None
    is_out: bool = False
    rule: str | None = None
    p: float | None = None
    why: str | None = None
    """In one sentence, of what is out."""


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """What the limits go by."""

    n: int
    says: str
    dispersion: float
    first: str | None = None
    last: str | None = None
    centre: float | None = None
    deviation: float | None = None


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """A chart; iterates over the points that are out."""

    chart: str
    unit: str
    baseline: Baseline
    points: tuple[ControlPoint, ...] = ()
    out: int = 0
    says: str = ""
    formula: str = ""
    source: str = ""

    def __iter__(self) -> Iterator[ControlPoint]:
        return (point for point in self.points if point.is_out)

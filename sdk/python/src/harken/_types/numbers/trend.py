"""Scores over time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

import msgspec

from harken._types.numbers.control import Control
from harken._types.numbers.finding import Annotation
from harken._types.numbers.options import NumberOptions, WeightOptions
from harken._types.numbers.weighting import Weighting


class TrendOptions(NumberOptions, WeightOptions, total=False):
    """What `client.trends` may be asked beside the survey; all may be left out."""

    period: Literal["hour", "day", "week", "month"] | None
    """Left out: what reads best over the days there are. Hours of at most 31 days."""
    tz: str | None
    """The zone whose days are meant, such as `America/New_York`, not the workspace's own."""
    limits: Literal["true", "watch", "p", "laney", "nps", "ewma", "cusum"] | None
    """Gives each trend its `control`: which points are out of what is usual, and why."""


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """The score of one period; `score` is None, and `n` 0, where nobody answered."""

    period: str
    """`2026-11-21`, `2026-W47` (ISO 8601 week), `2026-11` or the hour `2026-10-25T02:00+01:00`."""
    first_day: date
    last_day: date
    n: int
    score: float | None = None
    low: float | None = None
    high: float | None = None
    effective_n: float | None = None
    """With `weight`: as many unweighted answers would tell as much."""
    raw_score: float | None = None
    """With `weight`: of the same answers, each counted once."""


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """The score of one question over time; iterates over its points, oldest first."""

    question: str
    metric: str
    unit: str
    points: tuple[TrendPoint, ...] = ()
    control: Control | None = None
    """With `limits`."""

    def __iter__(self) -> Iterator[TrendPoint]:
        return iter(self.points)

    def __len__(self) -> int:
        return len(self.points)


class Trends(msgspec.Struct, frozen=True, kw_only=True):
    """The trends of one survey; `trends["recommend"]` is that question's."""

    survey: str
    period: str
    tz: str = "UTC"
    """The zone of the days and hours."""
    level: float = 0.95
    filter: dict[str, Any] = {}
    """The filter that was applied, as the server understood it."""
    trends: tuple[Trend, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    """What happened in these days."""
    weighting: Weighting | None = None
    """With `weight`: how the responses of all days together were weighted."""

    def __iter__(self) -> Iterator[Trend]:
        return iter(self.trends)

    def __len__(self) -> int:
        return len(self.trends)

    def __getitem__(self, question: str | int) -> Trend:
        if isinstance(question, int):
            return self.trends[question]
        for trend in self.trends:
            if trend.question == question:
                return trend
        known = ", ".join(trend.question for trend in self.trends) or "none"
        raise KeyError(f"no trend for question {question!r} in {self.survey}; there are: {known}")

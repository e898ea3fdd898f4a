"""Pictures of numbers."""

from __future__ import annotations

from typing import Literal

from harken._types.numbers.options import AnswerOptions, WeightOptions


class ChartOptions(AnswerOptions, WeightOptions, total=False):
    """What `client.chart` may be asked beside the survey; all may be left out."""

    kind: Literal[
        "score",
        "distribution",
        "trend",
        "breakdown",
        "heat_map",
        "importance_performance",
        "journey",
    ]
    """Left out: the score with its interval."""
    question: str | None
    """Left out: the survey's first one with a score."""
    by: str | None
    """Of a breakdown: touchpoint, stage, channel, version, wave or a declared dimension."""
    period: Literal["day", "week", "month"] | None
    """Of a trend; left out: what reads best over the days there are."""
    rows: str | None
    """Of a heat map: as `by`, or locale, weekday, hour; touchpoint unless said."""
    columns: str | None
    """Another one of these; channel unless said."""
    journey: str | None
    """Key of the journey that is drawn; left out: the first one that asks the survey."""
    level: float
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99; 0.95 unless said."""
    theme: Literal["auto", "light", "dark"]
    """Left out: as the device of whoever looks at it has it."""
    width: int | None
    """Pixels; left out: whatever it is given, its texts keeping their size."""

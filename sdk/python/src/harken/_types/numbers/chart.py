"""Pictures of numbers."""

from __future__ import annotations

from typing import Literal

from harken._types.numbers.options import AnswerOptions, WeightOptions


class ChartOptions(AnswerOptions, WeightOptions, total=False):
    """What `client.chart` may be asked beside the survey; all may be left out."""

    kind: Literal["score", "distribution", "trend", "breakdown"]
    """Left out: the score with its interval."""
    by: str | None
    """Of a breakdown: touchpoint, stage, channel, version, wave or a declared dimension."""
    period: Literal["day", "week", "month"] | None
    """Of a trend; left out: what reads best over the days there are."""
    theme: Literal["auto", "light", "dark"]
    """Left out: as the device of whoever looks at it has it."""
    width: int | None
    """Pixels; left out: whatever it is given, its texts keeping their size."""

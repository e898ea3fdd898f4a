"""The one shape of a result."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any


def result(
    name: str, unit: str, value: float, baseline_name: str, baseline: float,
    details: dict[str, Any], *, ratio: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A measure; `ratio` is value to baseline unless the median of paired ratios is given."""
    return {
        "name": name,
        "unit": unit,
        "value": rounded(value),
        "baseline_name": baseline_name,
        "baseline": rounded(baseline),
        "ratio": rounded(value / baseline if ratio is None else ratio),
        "details": details,
    }


def paired_ratio(values: Sequence[float], baselines: Sequence[float]) -> float:
    """Median of the ratios of neighbours, which share their moment of the machine."""
    return statistics.median(
        value / baseline for value, baseline in zip(values, baselines, strict=True) if baseline
    )


def rounded(value: float) -> float:
    """Four significant digits."""
    return float(f"{value:.4g}")

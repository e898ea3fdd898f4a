"""A control chart over a trend: which chart, by what it goes, and which points are out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from harken_server.insights.rules.control.charts import cusum_chart, ewma_chart, shewhart
from harken_server.insights.rules.control.levels import (
    Level,
    baseline_of,
    dispersion,
    level_of,
)
from harken_server.insights.rules.control.records import (
    Chart,
    Control,
    ControlPoint,
    Observed,
    observed,
)
from harken_server.insights.rules.control.watch import LEARNING, spread_beyond_chance, watch
from harken_server.insights.rules.formulas import Formula
from harken_server.insights.rules.scores import Score, Unit
from harken_server.insights.rules.trends import Period, TrendPoint

Wanted: TypeAlias = Literal["true", "watch", "p", "laney", "nps", "ewma", "cusum"]
PER_YEAR: dict[Period, float] = {"day": 365.25, "week": 365.25 / 7, "month": 12}
FORMULAS: dict[Chart, Formula] = {
    "watch": Formula(
        "since some day 5 % of the range lower or higher (log likelihood ratio beyond the limit of "
        "one false alarm in 100 years), or one period too rare by an exact test",
        "Page 1954; Siegmund 1985, Sequential Analysis, 2.53; Moustakides 1986; Laney 2002",
    ),
    "p": Formula(
        "p ± 3 · √(p · (1 - p) / n), n of each period",
        "Shewhart 1931; Montgomery 2013, Introduction to Statistical Quality Control, 7.2",
    ),
    "laney": Formula(
        "p ± 3 · s · √(p · (1 - p) / n), s the mean moving range of z over 1.128",
        "Laney 2002, Quality Engineering 14(4), 531-537",
    ),
    "nps": Formula(
        "score ± 3 · √(variance of single answers / n), n of each period",
        "Shewhart 1931; Rocks 2016 for the variance of NPS, p + d - (p - d)²",
    ),
    "ewma": Formula(
        "0.1 · z + 0.9 · the mean before, beyond 2.7 · √(0.1 / 1.9 · (1 - 0.9^2i))",
        "Roberts 1959; Montgomery 2013, 9.2",
    ),
    "cusum": Formula(
        "sums of z beyond 0.5, out at 5", "Page 1954; Montgomery 2013, 9.1",
    ),
}  # fmt: skip


def control(
    score: Score, trend: Sequence[TrendPoint], wanted: Wanted, period: Period
) -> Control | None:
    """Of the trend whose points together are `score`; None without points."""
    if not trend:
        return None
    chart: Chart = "watch" if wanted == "true" else wanted
    as_share = chart in {"p", "laney"}
    points = [observed(each.period, each.score, as_share=as_share) for each in trend]
    ends = (0.0, 100.0) if as_share else (score.range_low, score.range_high)
    level = level_of(points)
    charted, more = _charted(chart, points, level, ends, PER_YEAR[period])
    out = sum(each.is_out for each in charted)
    unit: Unit = "percent" if as_share else score.unit
    return Control(
        chart=chart, unit=unit, points=tuple(charted), out=out,
        baseline=baseline_of(points, level, more, _says_baseline(chart)),
        says=_says(charted, out, level.n, is_watch=chart == "watch"),
        formula=FORMULAS[chart].formula, source=FORMULAS[chart].source,
    )  # fmt: skip


def _charted(
    chart: Chart,
    points: Sequence[Observed],
    level: Level,
    ends: tuple[float, float],
    per_year: float,
) -> tuple[list[ControlPoint], float]:
    """The points, and by how much more than chance the limits let them vary."""
    match chart:
        case "watch":
            return watch(points, ends[1] - ends[0], per_year), spread_beyond_chance(points)
        case "p" | "nps":
            return shewhart(points, level, ends), 1.0
        case "laney":
            more = dispersion(points, level)
            return shewhart(points, level, ends, more), more
        case "ewma":
            return ewma_chart(points, level), 1.0
        case "cusum":
            return cusum_chart(points, level), 1.0


def _says_baseline(chart: Chart) -> str:
    if chart == "watch":
        return (
            "Each period is judged by all answers before it, since the last lasting change; what "
            f"stands here is over all periods. The first {LEARNING} answers are not judged."
        )
    return "All answers of the periods shown, those that are out included."


def _says(points: Sequence[ControlPoint], out: int, n: int, *, is_watch: bool) -> str:
    judged = sum(each.low is not None or each.statistic is not None for each in points)
    if is_watch and not judged:
        return f"Too few answers to judge by: {n}; the first {LEARNING} only tell what is usual."
    if not out:
        return (
            f"All answers together: nothing unusual in {judged} periods, no more than chance makes."
        )
    found = next(each for each in reversed(points) if each.is_out)
    more = f" {out} of {judged} periods are out." if out > 1 else ""
    return f"{found.period}: {found.why}{more}"

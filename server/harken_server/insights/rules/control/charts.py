"""Charts with limits around a level: p, Laney's and NPS; EWMA and CUSUM for slow drift."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from harken_server.insights.rules.control.levels import Level
from harken_server.insights.rules.control.records import ControlPoint, Observed
from harken_server.insights.rules.figures import show_number

SIGMAS = 3.0
EWMA_WEIGHT, EWMA_SIGMAS = 0.1, 2.7
CUSUM_SLACK, CUSUM_LIMIT = 0.5, 5.0


class Limit(NamedTuple):
    """Of one period."""

    low: float
    high: float


def shewhart(
    points: Sequence[Observed], level: Level, ends: tuple[float, float], more: float = 1.0
) -> list[ControlPoint]:
    """Centre ± 3 standard errors, of each period's own n, cut to what the score can be.

    Of shares the p-chart, of promoters less detractors the NPS chart; with `more` Laney's chart,
    whose limits are as much wider as the periods vary more than chance lets them. Source: Shewhart
    1931; Montgomery 2013, Introduction to Statistical Quality Control, 7.2; Laney 2002.
    """
    return [_shewhart(point, level, ends, more) for point in points]


def _shewhart(
    point: Observed, level: Level, ends: tuple[float, float], more: float
) -> ControlPoint:
    if not point.n or not level.n:
        return blank(point, level)
    half = SIGMAS * more * level.error(point.n)
    low, high = max(ends[0], level.mean - half), min(ends[1], level.mean + half)
    # By less than what is told apart in a float: a share that stands on its limit is within.
    is_out = point.mean < low - 1e-9 or point.mean > high + 1e-9
    return ControlPoint(
        period=point.period, value=point.mean, n=point.n, centre=level.mean, low=low, high=high,
        is_out=is_out, rule="beyond_limit" if is_out else None,
        why=_beyond(point, low, high) if is_out else None,
    )  # fmt: skip


def blank(point: Observed, level: Level | None = None) -> ControlPoint:
    """Of a period that is not judged."""
    return ControlPoint(
        period=point.period, value=point.mean if point.n else None, n=point.n,
        centre=level.mean if level and level.n else None, low=None, high=None,
    )  # fmt: skip


def ewma(
    values: Sequence[float],
    centre: float,
    sigma: float,
    weight: float = EWMA_WEIGHT,
    sigmas: float = EWMA_SIGMAS,
) -> list[tuple[float, Limit]]:
    """Each value's weighted mean with those before it, and its limits.

    z = weight · value + (1 - weight) · z before, from the centre on; limits at centre ± sigmas ·
    sigma · √(weight / (2 - weight) · (1 - (1 - weight)^2i)). Source: Roberts 1959, Technometrics
    1(3), 239-250; Montgomery 2013, 9.2, whose weight of 0.1 and 2.7 sigmas are the usual ones here.
    """
    found: list[tuple[float, Limit]] = []
    mean = centre
    for count, value in enumerate(values, 1):
        mean = weight * value + (1 - weight) * mean
        spread = sigma * sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * count)))
        found.append((mean, Limit(centre - sigmas * spread, centre + sigmas * spread)))
    return found


def cusum(
    values: Sequence[float], centre: float, sigma: float, slack: float = CUSUM_SLACK
) -> list[tuple[float, float]]:
    """Sums of what is above and below the centre by more than `slack`, in sigmas; never below 0.

    Source: Page 1954, Biometrika 41, 100-115; tabular as in Montgomery 2013, 9.1. A slack of 0.5
    is tuned to a shift of one sigma; 5 is the usual limit.
    """
    found: list[tuple[float, float]] = []
    up = down = 0.0
    for value in values:
        z = (value - centre) / sigma
        up, down = max(0.0, up + z - slack), max(0.0, down - z - slack)
        found.append((up, down))
    return found


def ewma_chart(points: Sequence[Observed], level: Level) -> list[ControlPoint]:
    """Of the standardised periods, so that each counts by its own n."""
    found = iter(ewma(_z(points, level), 0, 1))
    charted: list[ControlPoint] = []
    for point in points:
        if not point.n or level.variance <= 0:
            charted.append(blank(point, level))
            continue
        value, (low, high) = next(found)
        error = level.error(point.n)
        why = f"The weighted mean is {_far(value)} what is usual; the limit is {high:.2f}."
        charted.append(
            ControlPoint(
                period=point.period,
                value=point.mean,
                n=point.n,
                centre=level.mean,
                low=level.mean + low * error,
                high=level.mean + high * error,
                statistic=value,
                is_out=not low <= value <= high,
                rule=None if low <= value <= high else "ewma",
                why=None if low <= value <= high else why,
            )
        )
    return charted


def cusum_chart(points: Sequence[Observed], level: Level) -> list[ControlPoint]:
    """Of the standardised periods; a sum beyond 5 is out."""
    found = iter(cusum(_z(points, level), 0, 1))
    charted: list[ControlPoint] = []
    for point in points:
        if not point.n or level.variance <= 0:
            charted.append(blank(point, level))
            continue
        up, down = next(found)
        is_out = max(up, down) > CUSUM_LIMIT
        way = "above" if up > down else "below"
        why = (
            f"What was {way} the usual has added up to {max(up, down):.2f} standard errors; the "
            f"limit is {CUSUM_LIMIT:.0f}."
        )
        charted.append(
            ControlPoint(
                period=point.period,
                value=point.mean,
                n=point.n,
                centre=level.mean,
                low=None,
                high=None,
                statistic=up,
                statistic_down=down,
                is_out=is_out,
                rule="cusum" if is_out else None,
                why=why if is_out else None,
            )
        )
    return charted


def _z(points: Sequence[Observed], level: Level) -> list[float]:
    if level.variance <= 0:
        return []
    return [(point.mean - level.mean) / level.error(point.n) for point in points if point.n]


def _far(value: float) -> str:
    return f"{abs(value):.2f} standard errors {'above' if value > 0 else 'below'}"


def _beyond(point: Observed, low: float, high: float) -> str:
    way, end = ("below the lower", low) if point.mean < low else ("above the upper", high)
    value, end = show_number(point.mean, 1), show_number(end, 1)
    return f"{value} ({point.n} answers) is {way} limit of {end}."

"""The command `harken trends`: scores over time, as a line of blocks and a table."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken._types.numbers.score import METRIC_NAMES
from harken._types.numbers.trend import Trend
from harken._types.rounding import write_number
from harken.cli.filters import add_filters, add_weights, read_filters, read_weights
from harken.cli.terminal import DONE, say

BLOCKS = "▁▂▃▄▅▆▇█"
GAP = "·"
_DECIMALS = {"points": 0, "percent": 0, "index": 1}


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("key", metavar="KEY", help="the survey's key")
    command.add_argument("--question", metavar="KEY", help="only this question")
    command.add_argument("--period", choices=("day", "week", "month"), help="by the days there are")
    command.add_argument("--level", type=float, metavar="0.95", help="0.8, 0.9, 0.95 or 0.99")
    command.add_argument("--last", type=int, metavar="N", default=12, help="rows of the table; 12")
    add_filters(command)
    add_weights(command)


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        trends = client.trends(
            options.key,
            question=options.question,
            period=options.period,
            level=options.level,
            **read_filters(options),
            **read_weights(options),
        )
    told = [trend for trend in trends if len(trend)]
    for trend in told:
        say(draw(trend, options.last, can_draw=_can_draw()))
    if not told:
        say(f"{options.key} has no answers with a score here")
    return DONE


def draw(trend: Trend, last: int, *, can_draw: bool = True) -> str:
    """The trend as a line of blocks from its lowest to its highest score, and its last periods.

    Without blocks where the terminal cannot show them.
    """
    name = METRIC_NAMES.get(trend.metric, trend.metric)
    lines = [f"{trend.question}: {name} by period"]
    if can_draw:
        lines.append(f"  {sparkline([point.score for point in trend])}")
    wide = max(len(point.period) for point in trend)
    for point in list(trend)[-last:]:
        shown = "nobody answered"
        if point.score is not None and point.low is not None and point.high is not None:
            ends = f"{_number(trend, point.low)} to {_number(trend, point.high)}"
            shown = f"{_number(trend, point.score):>6}  ({ends}, n = {point.n})"
        lines.append(f"  {point.period:<{wide}}  {shown}")
    return "\n".join(lines)


def sparkline(scores: list[float | None]) -> str:
    """One block a period; a dot where nobody answered.

    >>> sparkline([1, None, 5, 3])
    '▁·█▅'
    """
    known = [score for score in scores if score is not None]
    low, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    steps = len(BLOCKS) - 1
    return "".join(
        GAP
        if score is None
        else BLOCKS[round((score - low) / span * steps) if span else steps // 2]
        for score in scores
    )


def _number(trend: Trend, number: float) -> str:
    sign = " %" if trend.unit == "percent" else ""
    return write_number(number, _DECIMALS.get(trend.unit, 2)) + sign


def _can_draw() -> bool:
    try:
        BLOCKS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True

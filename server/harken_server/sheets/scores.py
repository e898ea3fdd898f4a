"""Scores as CSV: a line each, of all answers, of each group or of each day, week or month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from harken_server.insights.api.scores import ScoresReply
from harken_server.insights.api.trends import TrendsReply
from harken_server.insights.rules.scores import Score
from harken_server.kernel.numbers import number_text
from harken_server.kernel.sheet_cells import guard_text

NUMBERS = (
    "question", "metric", "unit", "score", "low", "high", "level", "n", "margin", "evidence",
    "mean", "mean_low", "mean_high", "share", "share_low", "share_high",
)  # fmt: skip
"""Columns of a score: its fields, as the API gives them."""
POINT = ("period", "first_day", "last_day", "score", "low", "high", "n")
"""Columns of a trend's point after those of its question."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def scores_csv(reply: ScoresReply) -> bytes:
    """All scores; with groups the lines of each group, and its name before them."""
    if isinstance(reply.groups, msgspec.UnsetType):
        return _file(NUMBERS, (_cells(score) for score in reply.scores))
    lines = (
        (each.group, *_cells(score)) for each in reply.groups for score in each.scores
    )  # fmt: skip
    return _file(("group", *NUMBERS), lines)


def trends_csv(reply: TrendsReply) -> bytes:
    """A line for each period of each question, the oldest first."""
    head = ("question", "metric", "unit")
    lines = (
        (*(getattr(trend, name) for name in head), *(getattr(point, name) for name in POINT))
        for trend in reply.trends
        for point in trend.points
    )
    return _file((*head, *POINT), lines)


def _cells(score: Score) -> Sequence[object]:
    return tuple(getattr(score, name) for name in NUMBERS)


def _file(head: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    rows = [",".join(head), *(",".join(map(_cell, line)) for line in lines)]
    return BYTE_ORDER_MARK + "".join(f"{row}\r\n" for row in rows).encode()


def _cell(value: object) -> str:
    """Numbers bare, texts quoted and harmless, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return number_text(value)
    return '"' + guard_text(str(value)).replace('"', '""') + '"'

"""Scores by the hour: each hour on the wall is a period, also where the clock is put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from harken_server.insights.rules.comparing.breakdowns import ratings_in
from harken_server.insights.rules.estimates import USUAL, Certainty
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.trends import TrendPoint
from harken_server.kernel.local.zones import HOUR_MS, Stretch, hours_of, write_offset
from harken_server.surveys.questions.types import RatingQuestion

HourCounts: TypeAlias = Mapping[tuple[int, int], Mapping[str, Mapping[str, int]]]
"""Ratings by question, of an hour on the wall since 1970 and its distance from UTC in ms."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fold_hours(
    question: RatingQuestion,
    counts: HourCounts,
    spans: Sequence[Stretch],
    certainty: Certainty = USUAL,
) -> list[TrendPoint]:
    """One point an hour, gaps included; empty without answers."""
    if not any(question.key in each for each in counts.values()):
        return []
    points: list[TrendPoint] = []
    for part in hours_of(spans):
        hour = (part.start + part.offset) // HOUR_MS
        given = counts.get((hour, part.offset), {}).get(question.key, {})
        wall = _EPOCH + timedelta(hours=hour)
        points.append(
            TrendPoint(
                period=f"{wall:%Y-%m-%dT%H:00}{write_offset(part.offset)}",
                first_day=wall.date(),
                last_day=wall.date(),
                score=score_question(question, ratings_in(given), certainty),
            )
        )
    return points

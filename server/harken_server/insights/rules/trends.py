"""Scores over time: the counts of each day folded into days, ISO weeks or months."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias, TypeVar, assert_never

import msgspec

from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.estimates import USUAL, Certainty
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Score
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import RatingQuestion

Given = TypeVar("Given")
ByDay: TypeAlias = Mapping[int, Mapping[int, int]]
"""How often each rating was given, by day as a proleptic ordinal."""
Period: TypeAlias = Literal["day", "week", "month"]
MAX_POINTS = 1_200
"""Longest trend given: the newest that many periods (over three years of days)."""


class TrendPoint(msgspec.Struct, kw_only=True, frozen=True):
    """The score of one period; `score.score` is None and `score.n` 0 where nobody answered.

    Without the share and the mean that stand beside the score of a whole.
    """

    period: str
    """`2026-11-21`, `2026-W47` (ISO 8601 week) or `2026-11`."""
    first_day: date
    """First and last day of the period, cut to the days asked for."""
    last_day: date
    score: Score


def days_of(rows: Iterable[CountRow]) -> dict[str, ByDay]:
    """How often each rating was given, by question and day, out of counts per day."""
    found: dict[str, dict[int, dict[int, int]]] = {}
    for row in rows:
        if not row.part and row.value.isdecimal():
            ratings = found.setdefault(row.question, {}).setdefault(row.day, {})
            ratings[int(row.value)] = ratings.get(int(row.value), 0) + row.n
    return {**found}


def fold_trend(
    question: RatingQuestion,
    days: Mapping[str, ByDay],
    period: Period,
    selection: CountFilter,
    certainty: Certainty = USUAL,
) -> list[TrendPoint]:
    """One point a period from the first day to the last, gaps included; empty without answers.

    The days of the selection bound the trend; an open end is where the answers begin or end.
    """

    def score(given: list[Mapping[int, int]]) -> Score:
        return score_question(
            question, given[0] if len(given) == 1 else add_up(given), certainty, alone=True
        )

    own = {day: (given,) for day, given in days.get(question.key, {}).items()}
    return fold_days(own, period, selection, score)


def add_up(given: Iterable[Mapping[int, int]]) -> Mapping[int, int]:
    """The ratings of several days together."""
    sums: dict[int, int] = {}
    for own in given:
        for rating, n in own.items():
            sums[rating] = sums.get(rating, 0) + n
    return sums


def fold_days(
    days: Mapping[int, Sequence[Given]],
    period: Period,
    selection: CountFilter,
    score: Callable[[list[Given]], Score],
) -> list[TrendPoint]:
    """The same of whatever the score of a period is made of, by the days that have any of it."""
    if not days:
        return []
    first = min(days) if selection.from_day is None else selection.from_day
    end = max(days) if selection.to_day is None else selection.to_day
    periods: dict[int, list[Given]] = {}
    for day, given in days.items():
        periods.setdefault(period_start(day, period), []).extend(given)
    points: list[TrendPoint] = []
    while end >= first and len(points) < MAX_POINTS:
        start = period_start(end, period)
        points.append(
            TrendPoint(
                period=period_label(start, period),
                first_day=date.fromordinal(max(start, first)),
                last_day=date.fromordinal(end),
                score=score(periods.get(start, [])),
            )
        )
        end = start - 1
    return points[::-1]


def readable_period(days: int) -> Period:
    """The period that draws a readable trend over a span: days, then weeks, then months."""
    if days <= 14:
        return "day"
    return "week" if days <= 2 * 366 else "month"


def period_start(day: int, period: Period) -> int:
    """First day of the period that a day belongs to; days as proleptic ordinals.

    >>> date.fromordinal(period_start(date(2026, 11, 21).toordinal(), "week")).isoformat()
    '2026-11-16'
    """
    match period:
        case "day":
            return day
        case "week":
            return day - (day - 1) % 7
        case "month":
            return day - date.fromordinal(day).day + 1
        case _:
            assert_never(period)


def period_end(start: int, period: Period) -> int:
    """Last day of the period that starts on a day.

    >>> date.fromordinal(period_end(date(2026, 2, 1).toordinal(), "month")).isoformat()
    '2026-02-28'
    """
    match period:
        case "day":
            return start
        case "week":
            return start + 6
        case "month":
            return period_start(start + 31, "month") - 1
        case _:
            assert_never(period)


def period_label(start: int, period: Period) -> str:
    """The name of the period that starts on a day.

    >>> period_label(date(2027, 1, 4).toordinal() - 7, "week")
    '2026-W53'
    """
    day = date.fromordinal(start)
    match period:
        case "day":
            return day.isoformat()
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        case "month":
            return f"{day.year}-{day.month:02}"
        case _:
            assert_never(period)

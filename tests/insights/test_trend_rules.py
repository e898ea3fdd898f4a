"""Trends: periods, gaps, and agreement with the whole."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.trends import (
    Period,
    days_of,
    fold_trend,
    period_label,
    period_start,
    readable_period,
)
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Nps

QUESTION = Nps(key="q", text="?")
MONDAY = date(2026, 11, 16).toordinal()


def rows(*days: tuple[int, int]) -> list[CountRow]:
    return [CountRow("q", "", str(rating), 1, day) for day, rating in days]


def test_a_week_without_answers_is_a_gap_and_not_a_zero() -> None:
    points = fold_trend(
        QUESTION, days_of(rows((MONDAY, 10), (MONDAY + 14, 0))), "week", CountFilter()
    )

    assert [point.period for point in points] == ["2026-W47", "2026-W48", "2026-W49"]
    assert [point.score.score for point in points] == [100, None, -100]
    assert [point.score.n for point in points] == [1, 0, 1]


def test_the_selection_bounds_the_trend_and_cuts_its_first_and_last_week() -> None:
    selection = CountFilter(from_day=MONDAY + 2, to_day=MONDAY + 8)

    points = fold_trend(QUESTION, days_of(rows((MONDAY + 3, 9))), "week", selection)

    days = [(point.first_day.isoformat(), point.last_day.isoformat()) for point in points]
    assert days == [("2026-11-18", "2026-11-22"), ("2026-11-23", "2026-11-24")]


def test_no_answers_at_all_make_no_trend() -> None:
    assert fold_trend(QUESTION, {}, "week", CountFilter(from_day=1, to_day=99)) == []


@pytest.mark.parametrize(
    ("day", "period", "label"),
    [
        (date(2026, 11, 21), "day", "2026-11-21"),
        (date(2026, 11, 21), "week", "2026-W47"),
        (date(2027, 1, 1), "week", "2026-W53"),
        (date(2024, 12, 31), "week", "2025-W01"),
        (date(2024, 2, 29), "month", "2024-02"),
    ],
)
def test_periods_are_named_by_iso_8601(day: date, period: Period, label: str) -> None:
    assert period_label(period_start(day.toordinal(), period), period) == label


@pytest.mark.parametrize(
    ("days", "period"), [(7, "day"), (14, "day"), (15, "week"), (90, "week"), (1_000, "month")]
)
def test_the_period_fits_the_span(days: int, period: Period) -> None:
    assert readable_period(days) == period


@given(
    st.lists(st.tuples(st.integers(730_000, 730_400), st.integers(0, 10)), min_size=1),
    st.sampled_from(["day", "week", "month"]),
)
def test_the_points_of_a_trend_add_up_to_all_answers_without_holes(
    answers: list[tuple[int, int]], period: Period
) -> None:
    points = fold_trend(QUESTION, days_of(rows(*answers)), period, CountFilter())

    assert sum(point.score.n for point in points) == len(answers)
    for before, after in pairwise(points):
        assert after.first_day.toordinal() == before.last_day.toordinal() + 1

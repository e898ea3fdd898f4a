"""`harken trends`: a line of blocks, a table under it, and neither where there is nothing."""

from __future__ import annotations

from datetime import date

import pytest

from harken import Trend, TrendPoint
from harken.cli.trends import draw, sparkline


def trend(*scores: float | None) -> Trend:
    day = date(2026, 1, 5)
    points = [
        TrendPoint(
            period=f"2026-W{n:02}",
            first_day=day,
            last_day=day,
            n=0 if score is None else 40,
            score=score,
            low=None if score is None else score - 9,
            high=None if score is None else score + 9,
        )
        for n, score in enumerate(scores, 1)
    ]
    return Trend(question="recommend", metric="nps", unit="points", points=tuple(points))


@pytest.mark.parametrize(
    ("scores", "drawn"),
    [
        ([1, None, 5, 3], "▁·█▅"),
        ([], ""),
        ([None], "·"),
        ([7, 7], "▄▄"),
        ([-100, 100], "▁█"),
    ],
)
def test_scores_are_drawn_between_the_lowest_and_the_highest(
    scores: list[float | None], drawn: str
) -> None:
    assert sparkline(scores) == drawn


def test_the_last_periods_stand_in_a_table_with_their_intervals() -> None:
    shown = draw(trend(10, None, 41.5), 2)

    assert shown.splitlines() == [
        "recommend: NPS by period",
        "  ▁·█",
        "  2026-W02  nobody answered",
        "  2026-W03      42  (33 to 51, n = 40)",
    ]


def test_a_terminal_without_blocks_gets_the_table_alone() -> None:
    assert "▁" not in draw(trend(10, 20), 2, can_draw=False)

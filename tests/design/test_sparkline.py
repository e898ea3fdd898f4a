"""The line beside a figure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.design.sparkline import HEIGHT, WIDTH, sparkline_path


@given(st.lists(st.none() | st.floats(-1e6, 1e6, allow_nan=False), max_size=20))
def test_the_line_stays_in_its_picture(values: list[float | None]) -> None:
    path = sparkline_path(values).replace("h0", "").replace("M", " M").replace("L", " L")
    points = [piece for piece in path.split() if piece]
    xs = [float(piece[1:]) for piece in points[::2]]
    ys = [float(piece) for piece in points[1::2]]

    assert len(xs) == len(ys) == sum(value is not None for value in values)
    assert all(0 <= x <= WIDTH for x in xs)
    assert all(0 <= y <= HEIGHT for y in ys)


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ([], ""),
        ([None], ""),
        ([5], "M0 16h0"),
        ([3, 3], "M0 16L100 16"),
        ([1, 2, None, 2], "M0 30L33.33 2M100 2h0"),
    ],
)
def test_gaps_stay_gaps_and_what_is_level_is_in_the_middle(
    values: list[float | None], path: str
) -> None:
    assert sparkline_path(values) == path

"""Numbers are rounded by one rule: on pages, in files and in what the SDK prints."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken._types.score import Score
from harken_server.insights.page.figures import MINUS, show_score
from harken_server.kernel.numbers import write_number

NUMBERS = st.floats(-100, 100)


@given(NUMBERS, st.integers(0, 4))
def test_a_number_is_rounded_to_the_nearest_and_a_tie_to_the_even_digit(
    value: float, decimals: int
) -> None:
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)

    assert Decimal(write_number(value, decimals)) == exact
    assert not write_number(value, decimals).startswith("-0") or exact != 0


@pytest.mark.parametrize("decimals", [0, 2])
def test_nothing_is_never_negative(decimals: int) -> None:
    assert "-" not in write_number(-0.0001, decimals)


@given(NUMBERS, st.sampled_from(["points", "percent", "mean"]))
def test_the_sdk_prints_a_score_as_the_results_page_shows_it(value: float, unit: str) -> None:
    score = Score(question="q", metric="rating", score=value, n=1, unit=unit)

    shown = str(score).removeprefix("Rating ").removesuffix(" (n = 1)").replace(" %", "%")

    assert shown == show_score(value, unit).replace(MINUS, "-")

"""Numbers are rounded by one rule: on pages, in files and in what the SDK prints."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken._types import rounding
from harken._types.numbers.score import Score
from harken_server.insights.rules.figures import MINUS, show_score
from harken_server.kernel.numbers import write_number, write_share

NUMBERS = st.floats(-100, 100)


SHARES = st.one_of(
    st.floats(0, 100),
    st.fractions(0, 1, max_denominator=400).map(lambda x: 100 * x.numerator / x.denominator),
)


@given(NUMBERS, st.integers(0, 4))
def test_a_number_is_rounded_to_the_nearest_and_a_tie_away_from_zero(
    value: float, decimals: int
) -> None:
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    assert Decimal(write_number(value, decimals)) == exact
    assert not write_number(value, decimals).startswith("-0") or exact != 0


@given(st.integers(-100_000, 100_000))
def test_a_half_goes_away_from_zero_whatever_its_binary_value(halves: int) -> None:
    away = (abs(2 * halves + 1) + 1) // 2
    sign = "-" if 2 * halves + 1 < 0 else ""

    assert write_number((2 * halves + 1) / 200, 2) == f"{sign}{away // 100}.{away % 100:02}"


@given(SHARES)
def test_a_share_is_nothing_or_everything_only_where_it_is(percent: float) -> None:
    shown = write_share(percent)

    assert (shown == "0%") == (percent == 0)
    assert (shown == "100%") == (percent == 100)
    assert shown in {"<1%", ">99%", f"{write_number(percent)}%"}


@given(st.one_of(NUMBERS, SHARES), st.integers(0, 4), st.sampled_from(["%", " %"]))
def test_the_sdk_rounds_as_the_server_does(value: float, decimals: int, sign: str) -> None:
    assert rounding.write_number(value, decimals) == write_number(value, decimals)
    assert rounding.write_share(abs(value), sign) == write_share(abs(value), sign)


@pytest.mark.parametrize("decimals", [0, 2])
def test_nothing_is_never_negative(decimals: int) -> None:
    assert "-" not in write_number(-0.0001, decimals)


@given(SHARES, st.sampled_from(["points", "percent", "mean"]))
def test_the_sdk_prints_a_score_as_the_results_page_shows_it(value: float, unit: str) -> None:
    score = Score(question="q", metric="rating", score=value, n=1, unit=unit)

    shown = str(score).removeprefix("Rating ").removesuffix(" (n = 1)").replace(" %", "%")

    assert shown == show_score(value, unit).replace(MINUS, "-")

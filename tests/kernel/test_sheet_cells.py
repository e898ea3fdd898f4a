"""One rule says which cells a spreadsheet could take for a formula, in server and SDK alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.printing.stores import _guarded
from harken_server.kernel.sheet_cells import (
    BEFORE_FORMULA,
    FORMULA_STARTS,
    guard_formula,
    guard_text,
)

DANGEROUS = [
    *(f"{sign}1+1" for sign in FORMULA_STARTS),
    *(f"{before}=1+1" for before in BEFORE_FORMULA),
    " '\"\u00a0\ufeff@SUM(A1)",
]
HARMLESS = ["", " ", "1+1", "a=b", "'", "price -5", "\u2212 5"]


@pytest.mark.parametrize("cell", DANGEROUS)
def test_what_could_be_a_formula_gets_an_apostrophe_everywhere(cell: str) -> None:
    assert _by_each_rule(cell) == {f"'{cell}"}


@pytest.mark.parametrize("cell", HARMLESS)
def test_any_other_cell_stays_as_it_is_everywhere(cell: str) -> None:
    assert _by_each_rule(cell) == {cell}


@given(st.text(alphabet="0123456789+-/.,:'\" eE=mayMAY%€", max_size=9))
def test_a_guarded_text_is_told_from_every_other_and_given_back(text: str) -> None:
    cell = guard_text(text)
    is_guarded = cell[:1] == "'" and guard_text(cell[1:]) == cell

    assert (cell[1:] if is_guarded else cell) == text


@given(st.integers(min_value=0, max_value=10**11 - 1))
def test_a_whole_number_that_every_program_shows_as_it_is_stays_one(number: int) -> None:
    assert guard_text(str(number)) == str(number)


@given(st.from_regex(r"0[0-9]{1,14}", fullmatch=True))
def test_leading_zeros_are_kept(code: str) -> None:
    assert guard_text(code) == f"'{code}"


def _by_each_rule(cell: str) -> set[str]:
    return {guard_formula(cell), _guarded(cell)}

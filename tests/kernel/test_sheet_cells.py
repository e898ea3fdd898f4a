"""One rule says which cells a spreadsheet could take for a formula, in server and SDK alike."""

from __future__ import annotations

import pytest

from harken.printing.stores import _guarded
from harken_server.kernel.sheet_cells import BEFORE_FORMULA, FORMULA_STARTS, guard_formula

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


def _by_each_rule(cell: str) -> set[str]:
    return {guard_formula(cell), _guarded(cell)}

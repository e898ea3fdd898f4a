"""Text cells that a spreadsheet program must not take for formulas."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the full-width forms of the first four."""
BEFORE_FORMULA = " '\"\u00a0\ufeff"
"""Characters that a spreadsheet may drop before it looks for a formula."""


def guard_formula(text: str) -> str:
    """The text, with an apostrophe before it when a program would read it as a formula.

    >>> guard_formula("=1+1"), guard_formula("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.lstrip(BEFORE_FORMULA).startswith(FORMULA_STARTS) else text

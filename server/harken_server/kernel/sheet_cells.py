"""Text cells that a spreadsheet program must not take for formulas."""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BEFORE_FORMULA = " '\"\u00a0"
"""As in exports of the spreadsheet dialect."""


def guard_formula(text: str) -> str:
    """The text, with an apostrophe before it when a program would read it as a formula.

    >>> guard_formula("=1+1"), guard_formula("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.lstrip(_BEFORE_FORMULA).startswith(_FORMULA_STARTS) else text

"""Numbers as text, the same characters from SQLite as from PostgreSQL."""

from __future__ import annotations


def number_text(number: float) -> str:
    """The shortest digits that give the number back, as PostgreSQL writes a double.

    It differs from `repr` in two ways: no `.0`, and an exponent from 1e15 on instead of 1e16.

    >>> number_text(12.0), number_text(0.1), number_text(1e15), number_text(1234567890123456.0)
    ('12', '0.1', '1e+15', '1.234567890123456e+15')
    """
    text = repr(number)
    if 1e15 <= abs(number) < 1e16:
        sign = "-" if number < 0 else ""
        digits = text.lstrip("-").replace(".", "")[:17]
        fraction = digits[1:16].rstrip("0") if text.endswith(".0") else digits[1:].rstrip("0")
        return f"{sign}{digits[0]}{'.' if fraction else ''}{fraction}e+15"
    return text.removesuffix(".0")

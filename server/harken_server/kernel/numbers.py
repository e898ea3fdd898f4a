"""How a number becomes text: rounded on a page and in a chart, in full in a file."""

from __future__ import annotations


def write_number(
    value: float, decimals: int = 0, *, thousands: bool = False, trimmed: bool = False
) -> str:
    """The number with so many decimals, to the nearest; a tie goes to the even digit; never "-0".

    What counts as a tie is judged on the binary value, as IEEE 754 rounds: 0.125 is one and 2.675,
    which is stored a little below, is not. Numbers are computed unrounded and rounded once, here.
    `thousands` parts them by commas, `trimmed` drops zeros at the end.

    >>> write_number(0.125, 2), write_number(2.675, 2), write_number(-0.2), write_number(2.5)
    ('0.12', '2.67', '0', '2')
    >>> write_number(12345.6, thousands=True), write_number(40.0, 2, trimmed=True)
    ('12,346', '40')
    """
    text = f"{value:z{',' if thousands else ''}.{decimals}f}"
    return text.rstrip("0").rstrip(".") if trimmed and decimals else text


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

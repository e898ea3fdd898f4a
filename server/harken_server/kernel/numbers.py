"""How a number becomes text: rounded on a page and in a chart, in full in a file."""

from __future__ import annotations

from decimal import Decimal


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
    """The shortest digits that give the number back, with a point and never with an exponent.

    >>> number_text(12.0), number_text(0.1), number_text(1e15), number_text(1.5e-7)
    ('12', '0.1', '1000000000000000', '0.00000015')
    """
    if isinstance(number, int):
        return str(number)
    text = repr(number)
    return (format(Decimal(text), "f") if "e" in text else text).removesuffix(".0")

"""How a number becomes text: rounded on a page and in a chart, in full in a file."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)
"""Wide enough for every digit of a double."""


def write_number(
    value: float, decimals: int = 0, *, thousands: bool = False, trimmed: bool = False
) -> str:
    """The number with so many decimals, to the nearest; a tie goes away from zero; never "-0".

    What counts as a tie is judged on the digits that a person would be shown: 2.675 is one, though
    its binary value lies a little below. Numbers are computed unrounded and rounded once, here.
    `thousands` parts them by commas, `trimmed` drops zeros at the end. What the SDK prints is
    rounded by the same rule (`harken/_types/rounding.py`), which a test compares.

    >>> write_number(0.125, 2), write_number(2.675, 2), write_number(-0.2), write_number(-2.5)
    ('0.13', '2.68', '0', '-3')
    >>> write_number(12345.6, thousands=True), write_number(40.0, 2, trimmed=True)
    ('12,346', '40')
    """
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), context=_ROUNDING)
    text = f"{rounded:z{',' if thousands else ''}f}"
    return text.rstrip("0").rstrip(".") if trimmed and decimals else text


def write_share(percent: float, sign: str = "%") -> str:
    """A percentage as a whole number, but never a 0% of something or a 100% of less than all.

    >>> write_share(0.4), write_share(0.5), write_share(62.5), write_share(99.5), write_share(100)
    ('<1%', '1%', '63%', '>99%', '100%')
    """
    whole = write_number(percent)
    if whole == "0" and percent > 0:
        return f"<1{sign}"
    return f">99{sign}" if whole == "100" and percent < 100 else f"{whole}{sign}"


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

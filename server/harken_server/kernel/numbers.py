"""How a number becomes text: rounded on a page and in a chart, in full in a file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import msgspec

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
    """The shortest digits that give the number back, with a point and never with an exponent.

    >>> number_text(12.0), number_text(0.1), number_text(1e15), number_text(1.5e-7)
    ('12', '0.1', '1000000000000000', '0.00000015')
    """
    if isinstance(number, int):
        return str(number)
    text = repr(number)
    return (format(Decimal(text), "f") if "e" in text else text).removesuffix(".0")


def plain_members(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values on their way into JSON, those as their digits that would get an exponent there.

    >>> msgspec.json.encode(plain_members({"a": 1.5e-7, "b": 0.5, "c": "1e-7"}))
    b'{"a":0.00000015,"b":0.5,"c":"1e-7"}'
    """
    return {name: _in_digits(value) for name, value in values.items()}


def _in_digits(value: Any) -> Any:
    if isinstance(value, float) and "e" in repr(value):
        return msgspec.Raw(number_text(value).encode())
    return value

"""Numbers for the eye, rounded as the server's pages round them; a test compares the two."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)


def write_number(value: float, decimals: int = 0) -> str:
    """To the nearest, a tie away from zero, never "-0".

    >>> write_number(2.675, 2), write_number(-0.2), write_number(-2.5)
    ('2.68', '0', '-3')
    """
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), context=_ROUNDING)
    return f"{rounded if rounded else abs(rounded):f}"


def write_share(percent: float, sign: str = "%") -> str:
    """A whole percentage, but never a 0 of something or a 100 of less than all.

    >>> write_share(0.4), write_share(62.5), write_share(99.5, " %")
    ('<1%', '63%', '>99 %')
    """
    whole = write_number(percent)
    if whole == "0" and percent > 0:
        return f"<1{sign}"
    return f">99{sign}" if whole == "100" and percent < 100 else f"{whole}{sign}"

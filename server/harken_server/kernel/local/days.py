"""Days as people of a language write them in digits."""

from __future__ import annotations

import re
from datetime import date

from harken_server.kernel.local.numbers import in_common_signs

MAX_TYPED_CHARS = 30
YEARS = (1800, 2200)
"""A year outside is one of another calendar, such as 1447 or 2569, and is asked about."""


def read_day(typed: str, locale: str) -> str | None:
    """The day as YYYY-MM-DD; None for what is no day, or may be two different ones.

    A year of four digits stands first or last, digits are those of any script, and points, slashes,
    hyphens or blanks part them. Before the year the day stands first. Only in American English the
    month does, unless there are points; in plain English it may be either, which is asked back.

    >>> read_day("2026-05-03", "de"), read_day("3.5.2026", "de"), read_day("5/3/2026", "en-US")
    ('2026-05-03', '2026-05-03', '2026-05-03')
    >>> read_day("3/5/2026", "en"), read_day("13/5/2026", "en"), read_day("31.2.2026", "de")
    (None, '2026-05-13', None)
    """
    plain = in_common_signs(typed[: MAX_TYPED_CHARS + 1], _SIGNS)
    found = _PARTS.fullmatch(plain.strip())
    if found is None or len(plain) > MAX_TYPED_CHARS:
        return None
    first, second, third = int(found["first"]), int(found["second"]), int(found["third"])
    lengths = len(found["first"]), len(found["third"])
    if lengths[0] == 4 and lengths[1] <= 2:
        return _day(first, second, third)
    if lengths[0] > 2 or lengths[1] != 4:
        return None
    day_first, month_first = _day(third, second, first), _day(third, first, second)
    if found["sign"].strip() == "." or locale not in _EITHER_ORDER:
        return day_first
    if locale == "en-US" or day_first is None or day_first == month_first:
        return month_first
    return day_first if month_first is None else None


_PARTS = re.compile(
    r"(?P<first>[0-9]{1,4})(?P<sign> ?[-./ ] ?)(?P<second>[0-9]{1,2})"
    r"(?P=sign)(?P<third>[0-9]{1,4})\.?"
)
_EITHER_ORDER = frozenset({"en", "en-US", "en-CA", "en-PH"})
_SIGNS = str.maketrans({
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\uff0d", "-"),
    "\uff0e": ".", **dict.fromkeys("\uff0f\u060d\u2044\u2215", "/"),
})  # fmt: skip


def _day(year: int, month: int, day: int) -> str | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if YEARS[0] <= year <= YEARS[1] else None

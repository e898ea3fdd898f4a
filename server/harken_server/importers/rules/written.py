"""Days, times and numbers as files have them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Literal, TypeAlias

DayOrder: TypeAlias = Literal["iso", "day", "month"]
DAY_ORDERS: dict[DayOrder, str] = {
    "iso": "2026-03-31",
    "day": "31.03.2026, day first",
    "month": "03/31/2026, month first",
}
Decimal: TypeAlias = Literal[".", ","]
DECIMALS: dict[Decimal, str] = {".": "1234.5", ",": "1234,5"}
_DAY = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})"
    r"(?:,?[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp][Mm])?)?\Z"
)
_SECONDS = re.compile(r"\d{10}(?:\d{3})?\Z")
_COMMA = re.compile(r"[-+]?\d{1,3}(?:[.\s]?\d{3})*,\d{1,2}\Z")


def read_time(text: str, order: DayOrder, zone: tzinfo) -> datetime:
    """The moment; one without a zone is of `zone`. ValueError for what is none.

    >>> from datetime import UTC
    >>> read_time("31.3.2026 09:05", "day", UTC).isoformat()
    '2026-03-31T09:05:00+00:00'
    >>> read_time("3/31/2026 1:05 PM", "month", UTC).isoformat()
    '2026-03-31T13:05:00+00:00'
    """
    found = _DAY.match(text)
    if found is not None and order != "iso":
        at = _moment(found, order)
    elif _SECONDS.match(text):
        at = datetime.fromtimestamp(int(text[:10]), zone)
    else:
        at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=zone)


def read_number(text: str, decimal: Decimal) -> float:
    """The number, with or without signs between thousands. ValueError for what is none.

    >>> read_number("1.234,50", ","), read_number("1,234.5", ".")
    (1234.5, 1234.5)
    """
    thousands = "." if decimal == "," else ","
    plain = re.sub(r"[\s'\u2019]", "", text).replace(thousands, "").replace(decimal, ".")
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", plain):
        raise ValueError(text)
    return float(plain)


def guess_order(cells: Iterable[str]) -> DayOrder | None:
    """In which order days are written; None where it may be either, day first or month first."""
    found = [match for cell in cells if (match := _DAY.match(cell.strip()))]
    if not found:
        return "iso"
    if any(int(match[1]) > 12 for match in found) or any("." in match[0][:3] for match in found):
        return "day"
    return "month" if any(int(match[2]) > 12 for match in found) else None


def guess_decimal(cells: Iterable[str]) -> Decimal:
    """By which sign numbers are parted."""
    return "," if any(_COMMA.match(cell.strip()) for cell in cells) else "."


def is_time(text: str) -> bool:
    """Whether it reads as a moment in some order."""
    if _DAY.match(text):
        return True
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return bool(re.match(r"\d{4}-", text))


def _moment(found: re.Match[str], order: DayOrder) -> datetime:
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    day, month = (first, second) if order == "day" else (second, first)
    hour, minute, second = (int(found[place] or 0) for place in (4, 5, 6))
    if found[7]:
        if not 1 <= hour <= 12:
            raise ValueError(found[0])
        hour = hour % 12 + (12 if found[7].lower() == "pm" else 0)
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # `read_time` adds it

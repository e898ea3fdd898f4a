"""Time zones: what a clock on the wall shows, and when it is put forward or back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

MAX_ZONE = 64
"""Characters of the longest name taken."""
EPOCH_DAY = date(1970, 1, 1).toordinal()
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})
"""Files beside the zones that are none, or another one on each machine."""


@lru_cache(maxsize=1024)
def read_zone(name: str) -> tzinfo | None:
    """The zone of an IANA name such as `Europe/Oslo`; None when there is none."""
    if name == "UTC":
        return UTC
    if len(name) > MAX_ZONE or name in _OF_THE_MACHINE:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


def local_day(moment: datetime, zone: str) -> int:
    """The day of an aware moment in the zone of this name, as a proleptic ordinal; of a name that
    nobody knows the day in UTC.

    >>> date.fromordinal(local_day(datetime(2026, 11, 21, 23, tzinfo=UTC), "Europe/Oslo")).day
    22
    """
    found = UTC if zone == "UTC" else read_zone(zone) or UTC
    return moment.astimezone(found).toordinal()


class Stretch(NamedTuple):
    """A span in which the clock is not put forward or back, in milliseconds since 1970."""

    start: int
    end: int
    offset: int
    """Local time less UTC."""


def stretches(zone: tzinfo, first: date, last: date) -> list[Stretch]:
    """From the first moment of a day to the last moment of another, both included."""
    start = to_ms(datetime.combine(first, time(), zone))
    end = to_ms(datetime.combine(last + timedelta(days=1), time(), zone))
    found: list[Stretch] = []
    while start < end:
        here, change = _offset(zone, start), start
        while change < end and _offset(zone, change) == here:
            change += DAY_MS
        change = _first_change(zone, change - DAY_MS, min(change, end))
        found.append(Stretch(start, change, here))
        start = change
    return found


def hours_of(spans: Iterable[Stretch]) -> Iterator[Stretch]:
    """Each hour on the wall once, or twice where the clock is put back across it."""
    for span in spans:
        start = span.start
        while start < span.end:
            end = min(span.end, start + HOUR_MS - (start + span.offset) % HOUR_MS)
            yield Stretch(start, end, span.offset)
            start = end


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def write_offset(ms: int) -> str:
    """Local time less UTC as ISO 8601 writes it.

    >>> write_offset(-12_600_000), write_offset(0)
    ('-03:30', '+00:00')
    """
    minutes = abs(ms) // 60_000
    return f"{'-' if ms < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _first_change(zone: tzinfo, low: int, high: int) -> int:
    """The first moment after `low` that has another offset than it; `high` when none before has."""
    here = _offset(zone, low)
    if _offset(zone, high - 1) == here:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == here:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: tzinfo, ms: int) -> int:
    away = (_EPOCH + timedelta(milliseconds=ms)).astimezone(zone).utcoffset() or timedelta()
    return away // timedelta(milliseconds=1)

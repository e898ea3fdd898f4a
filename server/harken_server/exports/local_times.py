"""Times as a clock on the wall shows them, for files that know of no zones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

_QUARTER_MS = 900_000
"""No clock is put forward or back but at a quarter of an hour."""


def local_ms(zone: tzinfo) -> Callable[[int], int]:
    """From milliseconds since 1970, UTC, to those that the clock of the zone shows.

    >>> from zoneinfo import ZoneInfo
    >>> local_ms(ZoneInfo("Europe/Oslo"))(0)
    3600000
    """

    @lru_cache(maxsize=4096)
    def offset_ms(quarter: int) -> int:
        moment = datetime.fromtimestamp(quarter * _QUARTER_MS / 1000, zone)
        return (moment.utcoffset() or timedelta()) // timedelta(milliseconds=1)

    return lambda time: time + offset_ms(time // _QUARTER_MS)

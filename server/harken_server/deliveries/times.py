"""When something may go out: hours in the respondent's zone, pauses after failures, caps a day."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

import msgspec

from harken_server.kernel.local.zones import read_zone

BACK_OFF: tuple[timedelta, ...] = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=8),
)
"""Pauses between attempts: the last one is made a day after the first, less 39 minutes."""

_WINDOW = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})\Z", re.ASCII)
_DAY_MINUTES = 24 * 60


class Window(msgspec.Struct, frozen=True):
    """Hours of the day, as minutes since midnight on the wall; `to` is not included.

    `to` before `start` means that the window lies over midnight.
    """

    start: int
    to: int

    @property
    def is_always(self) -> bool:
        """Whether it is the whole day."""
        return self.start == 0 and self.to == _DAY_MINUTES


def parse_window(text: str) -> Window:
    """Read `HH:MM-HH:MM`; ValueError for anything else, and for a window of no length.

    >>> parse_window("08:00-20:00")
    Window(start=480, to=1200)
    """
    found = _WINDOW.match(text)
    numbers = [int(part) for part in found.groups()] if found else [99, 0, 0, 0]
    start, to = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    is_clock = max(numbers[1], numbers[3]) < 60 and start < _DAY_MINUTES and to <= _DAY_MINUTES
    if not is_clock or start == to:
        raise ValueError(f"must be hours such as 08:00-20:00, not {text!r}")
    return Window(start, to)


def next_in_window(now: datetime, window: Window, zone: tzinfo) -> datetime:
    """The first moment from `now` on that lies in the window on the wall in this zone, in UTC.

    `now` itself when it does. On days when the clocks change the wall decides: a start that the
    change skips comes as much later, a window that it skips wholly opens the next day.
    """
    if _is_inside(now, window, zone):
        return now
    local = now.astimezone(zone)
    for days in range(3):
        opens = datetime.combine(local.date(), time(), tzinfo=zone) + timedelta(days=days)
        at = (opens + timedelta(minutes=window.start)).astimezone(UTC)
        if at > now and _is_inside(at, window, zone):
            return at
    raise AssertionError("a window opens every day")  # pragma: no cover


def back_off(failures: int) -> timedelta | None:
    """How long to wait after so many failed attempts (from 1); None: give up."""
    if not 1 <= failures <= len(BACK_OFF):
        return None
    return BACK_OFF[failures - 1]


def day_start(now: datetime) -> datetime:
    """Where the UTC day of the daily cap began."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def next_day(now: datetime) -> datetime:
    """Where the next UTC day begins, at which a cap starts from nothing again."""
    return day_start(now) + timedelta(days=1)


def is_cap_reached(cap: int, handed_over_today: int) -> bool:
    """Whether no more may be sent today; a cap of 0 is none."""
    return cap > 0 and handed_over_today >= cap


def _is_inside(at: datetime, window: Window, zone: tzinfo) -> bool:
    wall = at.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    if window.start < window.to:
        return window.start <= minute < window.to
    return minute >= window.start or minute < window.to


class Limits(msgspec.Struct, frozen=True):
    """How much goes out on a channel, and when. Nothing said is without limit."""

    daily_cap: int = 0
    """The most of a workspace on one UTC day; 0 for any number."""
    window: Window | None = None
    """Hours of the day, on the respondent's wall."""


def opens_at(now: datetime, window: Window | None, timezone: str | None) -> datetime:
    """When a respondent of this time zone may next be written to: `now`, or later."""
    if window is None or window.is_always:
        return now
    return next_in_window(now, window, find_zone(timezone))


def find_zone(name: str | None) -> tzinfo:
    """The zone of this IANA name; UTC when there is no name, or nobody knows it."""
    return (read_zone(name) if name else None) or UTC

"""The hours in which one respondent may get mail."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from harken_server.channels.email.rules.times import Window, next_in_window


def opens_at(now: datetime, window: Window, timezone: str | None) -> datetime:
    """When a respondent of this time zone may next get mail: `now`, or later."""
    return now if window.is_always else next_in_window(now, window, find_zone(timezone))


def find_zone(name: str | None) -> tzinfo:
    """The zone of this IANA name; UTC when there is no name, or nobody knows it."""
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC

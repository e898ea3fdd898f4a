"""How much a workspace hands over on one day, and in which hours."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from harken_server.database.database import Transaction
from harken_server.database.locks import named_lock
from harken_server.deliveries.store.deliveries import count_handed_over
from harken_server.deliveries.times import (
    Window,
    day_start,
    is_cap_reached,
    next_day,
    next_in_window,
)


class Limits(msgspec.Struct, frozen=True):
    """How much goes out on a channel, and when. Nothing said is without limit."""

    daily_cap: int = 0
    """The most of a workspace on one UTC day; 0 for any number."""
    window: Window | None = None
    """Hours of the day, on the respondent's wall."""


async def wait_for_cap(
    tx: Transaction, workspace_id: UUID, channel: str, cap: int, now: datetime
) -> datetime | None:
    """When the cap lets another delivery through; None: now.

    Other workers wait at this point until the caller's transaction ends, so that none counts what
    another is about to send as not sent.
    """
    if cap <= 0:
        return None
    await named_lock(tx, workspace_id, f"{channel} cap")
    handed_over = await count_handed_over(tx, workspace_id, channel, day_start(now))
    return next_day(now) if is_cap_reached(cap, handed_over) else None


def opens_at(now: datetime, window: Window | None, timezone: str | None) -> datetime:
    """When a respondent of this time zone may next be written to: `now`, or later."""
    if window is None or window.is_always:
        return now
    return next_in_window(now, window, find_zone(timezone))


def find_zone(name: str | None) -> tzinfo:
    """The zone of this IANA name; UTC when there is no name, or nobody knows it."""
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC

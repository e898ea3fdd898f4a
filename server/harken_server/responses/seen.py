"""Whether a way of asking has been seen working, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from harken_server.responses.store.seen_sql import Seen

RECENT = timedelta(days=7)
"""Times are told by how long ago they were, and by their day later."""


class Signal(NamedTuple):
    """What is said of it."""

    kind: Literal["good", "quiet"]
    label: str
    is_working: bool


def signal_of(seen: Seen, now: datetime, *channels: str) -> Signal:
    """What was seen on any of these channels."""
    times = sorted((at for one in channels for at in seen.latest.get(one, ())), reverse=True)
    days = [seen.days[one] for one in channels if one in seen.days]
    if times:
        which = "First" if seen.is_all and len(times) == 1 else "Last"
        return Signal("good", f"{which} answer {how_long_ago(times[0], now)}", is_working=True)
    if days:
        return Signal("good", f"Last answer on {spoken_day(max(days))}", is_working=True)
    return Signal("quiet", "Nothing yet", is_working=False)


def how_long_ago(at: datetime, now: datetime) -> str:
    """`3 minutes ago`; the day from a week on.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    >>> how_long_ago(noon, noon + timedelta(hours=1)), how_long_ago(noon, noon + RECENT)
    ('1 hour ago', 'on 21 November 2026')
    """
    past = now - at
    if past >= RECENT:
        return f"on {spoken_day(at.date())}"
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if (count := int(past.total_seconds()) // length) > 0:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def spoken_day(day: date) -> str:
    """`21 November 2026`."""
    return f"{day.day} {day:%B %Y}"

"""Moments as people read them: how long ago for a week, then the day; the exact time beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

WEEK = timedelta(days=7)
_STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def say_when(moment: datetime, now: datetime) -> str:
    """How long ago, or how long until, within a week; else the day.

    >>> now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    >>> say_when(now - timedelta(minutes=3), now), say_when(now + timedelta(hours=49), now)
    ('3 minutes ago', 'in 2 days')
    >>> say_when(now - timedelta(seconds=59), now), say_when(now - WEEK, now)
    ('just now', '14 Nov 2026')
    """
    away = abs(now - moment)
    if away >= WEEK:
        return say_day(moment.astimezone(now.tzinfo).date())
    seconds = int(away.total_seconds())
    for size, word in _STEPS:
        if seconds >= size:
            n = seconds // size
            span = f"{n} {word}" if n == 1 else f"{n} {word}s"
            return f"in {span}" if moment > now else f"{span} ago"
    return "just now"


def say_day(day: date) -> str:
    """A day as `21 Nov 2026`."""
    return f"{day.day} {day:%b %Y}"


def say_exactly(moment: datetime) -> str:
    """A moment in its own zone, such as `21 Nov 2026, 14:05 UTC`."""
    return f"{say_day(moment.date())}, {moment:%H:%M} {say_zone(moment)}"


def say_zone(moment: datetime) -> str:
    """What its zone is called at the moment; one without a name by its distance.

    >>> say_zone(datetime(2026, 11, 21, tzinfo=UTC))
    'UTC'
    """
    name = moment.tzname() or ""
    return name if name.isalpha() else f"UTC{moment.isoformat()[-6:]}"


def when(moment: datetime, now: datetime) -> Markup:
    """The same as `<time>`, whose tooltip is the exact time in the zone of `now`.

    >>> now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    >>> print(when(now - timedelta(hours=1), now))
    <time datetime="2026-11-21T11:00Z" title="21 Nov 2026, 11:00 UTC">1 hour ago</time>
    """
    from markupsafe import Markup  # with the first page, as Jinja is

    utc = moment.astimezone(UTC)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        f"{utc:%Y-%m-%dT%H:%MZ}", say_exactly(moment.astimezone(now.tzinfo)), say_when(utc, now)
    )

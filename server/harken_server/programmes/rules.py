"""Programmes: a list of respondents asked again and again, spread evenly over each wave.

A wave is one period, counted from 1; it begins at local midnight of its first day. Every member has
a slot, a fixed share of the wave, drawn from a hash of programme and respondent: they are asked at
the same point of every wave, and all together evenly over it. Everything here is a function of the
clock's reading alone, so that nothing is lost or doubled when the clock jumps.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Annotated, Literal, NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from harken_server.kernel.errors import Problem
from harken_server.kernel.local.zones import read_zone
from harken_server.surveys.survey import SURVEY_KEY_PATTERN, TouchpointKey

SLOTS = 1_000_000
"""Parts of a wave; of a quarter each is 8 seconds long."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)

Every: TypeAlias = Literal["week", "month", "quarter", "half_year", "year", "once"]
ProgrammeKey: TypeAlias = Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)]
Channel: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]

_MONTHS: dict[Every, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
SHORTEST_DAYS: dict[Every, int] = {
    "week": 7,
    "month": 28,
    "quarter": 90,
    "half_year": 181,
    "year": 365,
    "once": 365,
}
"""Days of the shortest period, which a wave may be spread over; for `once`, simply the most."""
REST_DAYS: dict[Every, tuple[int, int]] = {
    "week": (5, 6),
    "month": (20, 25),
    "quarter": (30, 30),
    "half_year": (30, 30),
    "year": (30, 30),
    "once": (30, 30),
}
"""Cooldown and life of a link, in days, of a touchpoint made for a programme: shorter than the time
between two of its waves, so that it does not stand in its own way."""


class Programme(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Whom to ask what, and when."""

    key: ProgrammeKey
    survey: Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)]
    touchpoint: TouchpointKey
    """Is made to ask the survey."""
    channel: Channel
    every: Every
    starts_on: date
    """First day of wave 1, in the timezone."""
    spread_days: int | None
    """Days from the beginning of a wave over which its askings are spread; None is all of them, for
    `once` one day."""
    timezone: str
    """IANA name; waves begin at midnight there."""
    is_active: bool


class Moment(NamedTuple):
    """Where in a programme an instant lies."""

    wave: int
    """From 1; 0 is before the programme begins."""
    slot: int
    """Every member with a slot of at most this is due in this wave; -1 is nobody yet."""


class Due(NamedTuple):
    """Members who are to be asked now: slots from `first` to `last`, not asked in `wave` yet."""

    wave: int
    first: int
    last: int


def check_programme(programme: Programme) -> Iterator[Problem]:
    """What the types cannot say."""
    if read_zone(programme.timezone) is None:
        message = f"There is no timezone {programme.timezone[:64]!r}; write it as Europe/Oslo."
        yield Problem("$.timezone", "timezone_unknown", message)
    most = SHORTEST_DAYS[programme.every]
    spread = programme.spread_days
    if spread is not None and not 1 <= spread <= most:
        message = f"A wave of {programme.every} may be spread over 1 to {most} days, not {spread}."
        yield Problem("$.spread_days", "out_of_range", message, limit=most if spread > 0 else 1)
    if not FIRST_DAY <= programme.starts_on <= LAST_DAY:
        message = f"A programme starts from {FIRST_DAY} to {LAST_DAY}."
        limit = str(FIRST_DAY if programme.starts_on < FIRST_DAY else LAST_DAY)
        yield Problem("$.starts_on", "out_of_range", message, limit=limit)


def find_frozen(old: Programme, new: Programme) -> Iterator[Problem]:
    """What must not change once a programme has begun: it says which wave is which."""
    for name in ("every", "starts_on", "timezone"):
        before = getattr(old, name)
        if before != getattr(new, name):
            message = (
                f"The programme has begun, so `{name}` stays {before}: it says which wave is which."
                " Make a programme with another key."
            )
            yield Problem(f"$.{name}", "programme_begun", message, limit=str(before))


def wave_label(key: str, wave: int) -> str:
    """The wave as invitations and deliveries name it: `nps_quarterly:3`."""
    return f"{key}:{wave}"


def slot_of(programme_id: UUID, respondent: str) -> int:
    """The member's slot, 0 to SLOTS - 1; the same for ever, and even over many members."""
    digest = sha256(programme_id.bytes + respondent.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % SLOTS


def idempotency_key(programme_id: UUID, wave: int, respondent: str) -> str:
    """The trigger's key: one asking for each programme, wave and respondent, for ever."""
    digest = sha256(respondent.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"programme:{programme_id.hex}:{wave}:{digest}"


def wave_start(programme: Programme, wave: int) -> datetime:
    """When a wave begins, in UTC; counted from the first day, so that the 31st stays the 31st."""
    first, steps = programme.starts_on, wave - 1
    if programme.every == "week":
        day = first + timedelta(days=7 * steps)
    else:
        day = _add_months(first, _MONTHS.get(programme.every, 0) * steps)
    zone = read_zone(programme.timezone) or UTC
    return datetime.combine(day, time(), zone).astimezone(UTC)


def wave_length(programme: Programme, wave: int) -> timedelta:
    """For how long members of a wave fall due, from its beginning."""
    if programme.every == "once":
        return timedelta(days=programme.spread_days or 1)
    if programme.spread_days is not None:
        return timedelta(days=programme.spread_days)
    return wave_start(programme, wave + 1) - wave_start(programme, wave)


def find_moment(programme: Programme, now: datetime) -> Moment:
    """The wave that is on and how far it has come."""
    wave = _wave_at(programme, now)
    if wave == 0:
        return Moment(0, -1)
    passed = now - wave_start(programme, wave)
    slot = passed * SLOTS // wave_length(programme, wave)
    return Moment(wave, min(slot, SLOTS - 1))


def slot_at(programme: Programme, wave: int, slot: int) -> datetime:
    """When the members of a slot fall due in a wave."""
    start, length = wave_start(programme, wave), wave_length(programme, wave)
    return start + (length * slot + timedelta(microseconds=SLOTS - 1)) // SLOTS


def find_due(programme: Programme, now: datetime) -> list[Due]:
    """Whom to look for: those whose slot of this wave has come, and stragglers of the one before.

    A straggler's slot of this wave is still to come, and that of the wave before was missed, as
    after downtime. They are asked for the wave before as long as their own slot is at least half a
    period away; otherwise it reaches them soon enough.
    """
    wave, slot = find_moment(programme, now)
    if wave == 0:
        return []
    found = [Due(wave, 0, slot)]
    if wave > 1:
        start = wave_start(programme, wave)
        until = now - start + (wave_start(programme, wave + 1) - start) / 2
        first = max(slot + 1, until * SLOTS // wave_length(programme, wave))
        if first < SLOTS:
            found.append(Due(wave - 1, first, SLOTS - 1))
    return found


def wave_of_new_member(programme: Programme, slot: int, now: datetime) -> int:
    """The wave that a new member is taken to have been asked in: they begin at their next slot.

    A programme that asks once has no next slot, so whoever joins late is asked at once.
    """
    if programme.every == "once":
        return 0
    wave, reached = find_moment(programme, now)
    return wave if slot <= reached else max(wave - 1, 0)


def _wave_at(programme: Programme, now: datetime) -> int:
    if now < wave_start(programme, 1):
        return 0
    if programme.every == "once":
        return 1
    zone = read_zone(programme.timezone) or UTC
    today, first = now.astimezone(zone).date(), programme.starts_on
    if programme.every == "week":
        guess = (today - first).days // 7 + 1
    else:
        months = (today.year - first.year) * 12 + today.month - first.month
        guess = months // _MONTHS[programme.every] + 1
    while now < wave_start(programme, guess):
        guess -= 1
    while wave_start(programme, guess + 1) <= now:
        guess += 1
    return guess


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day when that is shorter."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))

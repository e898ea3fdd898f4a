"""When something last came on each channel of a survey: by indexes, whatever has come in all."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.lanes import first_position
from harken_server.database.values import to_time
from harken_server.responses.codes import NOT_ERASED
from harken_server.responses.store.selection import OF_SURVEY

AT_MOST = 100
"""Responses looked at in each lane, the latest."""
_LATEST = f"""
SELECT channel, submitted_at FROM response
WHERE {OF_SURVEY} AND {NOT_ERASED} AND position >= $3 AND position < $4
ORDER BY position DESC LIMIT $5
"""  # noqa: S608  # our own words
_DAYS = f"""
SELECT channel, MAX(day) FROM answer_count WHERE {OF_SURVEY} AND dimension = '' AND member = ''
GROUP BY channel
"""  # noqa: S608  # as above


class Seen(msgspec.Struct, frozen=True):
    """What was seen of a survey's answers, by channel."""

    latest: dict[str, tuple[datetime, ...]]
    """When the latest of all channels came, newest first."""
    is_all: bool
    """Whether there are no others."""
    days: dict[str, date]
    """The last day with a counted answer."""


async def read_seen(db: Database, workspace_id: UUID, survey_id: UUID) -> Seen:
    """What came last on each channel."""
    ids = (workspace_id, survey_id)
    latest: dict[str, list[datetime]] = {}
    is_all = True
    for (lane,) in await db.fetch("SELECT lane FROM feed ORDER BY lane"):
        lanes = first_position(lane), first_position(lane + 1)
        rows = await db.fetch(_LATEST, *ids, *lanes, AT_MOST)
        is_all &= len(rows) < AT_MOST
        for channel, at in rows:
            latest.setdefault(str(channel), []).append(_time(at))
    days = await db.fetch(_DAYS, *ids)
    return Seen(
        {channel: tuple(sorted(times, reverse=True)) for channel, times in latest.items()},
        is_all,
        {channel: date.fromordinal(day) for channel, day in days},
    )


def _time(stored: int | datetime) -> datetime:
    return to_time(stored)

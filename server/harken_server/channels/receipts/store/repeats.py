"""Which device answered where, for a day: so that nobody rates themselves unnoticed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID, uuid5

import msgspec

from harken_server.channels.receipts.rules.repeats import DeviceAnswer
from harken_server.database.database import Database
from harken_server.database.lanes import Positions
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid
from harken_server.responses.store.feed import read_feed


async def add_device_answer(db: Database, seen: DeviceAnswer) -> None:
    """Keep the first sighting of a response that is stored; any other changes nothing."""
    await db.execute(
        "INSERT INTO sighting (id, workspace_id, place, device, survey_id, response_id, seen_at)"
        " SELECT $7, $1, $2, $3, r.survey_id, r.id, $6 FROM response r"
        " WHERE r.workspace_id = $1 AND r.survey_id = $4 AND r.id = $5"
        " ON CONFLICT DO NOTHING",
        *seen,
        uuid5(seen.survey_id, seen.response_id.hex),
    )


async def list_sightings(
    db: Database, seen: DeviceAnswer, devices: tuple[str, str], since: datetime, recent: datetime
) -> list[DeviceAnswer]:
    """At the same place: what these devices answered since a moment, and all a recent while."""
    rows = await db.fetch(
        "SELECT workspace_id, place, device, survey_id, response_id, seen_at FROM sighting"
        " WHERE workspace_id = $1 AND place = $2 AND seen_at >= $3"
        " AND (device IN ($4, $5) OR seen_at >= $6) ORDER BY seen_at, id",
        seen.workspace_id,
        seen.place,
        since,
        *devices,
        recent,
    )
    return [
        DeviceAnswer(
            to_uuid(row[0]), row[1], row[2], to_uuid(row[3]), to_uuid(row[4]), to_time(row[5])
        )
        for row in rows
    ]


async def forget_device_answers(db: Database, before: datetime) -> None:
    """Delete what was seen before a moment, in every workspace."""
    await db.execute("DELETE FROM sighting WHERE seen_at < $1", before)


_FlaggedRow: TypeAlias = tuple[int, StoredId, str, str, str, str, str, str, StoredTime]


class FlaggedItem(msgspec.Struct, kw_only=True):
    """A response with flags; read it under its survey for what it says."""

    id: UUID
    survey: str
    standing: str
    """`counted` ones still count; change it with `PATCH` on the response."""
    flags: tuple[str, ...]
    touchpoint: str
    channel: str
    context: dict[str, str | int | float | bool | None]
    submitted_at: datetime


async def list_flagged(
    db: Database, workspace_id: UUID, *, flags: Sequence[str], after: Positions, limit: int
) -> list[tuple[int, FlaggedItem]]:
    """Flagged responses behind the positions, each with its own; when some `flags` are given,
    with any of them."""
    named = " OR ".join(f"' ' || r.flags || ' ' LIKE ${2 + i}" for i in range(len(flags)))
    select = (
        "SELECT r.position, r.id, s.key, r.standing, r.flags, r.touchpoint, r.channel, r.context,"  # noqa: S608  # only places of parameters
        " r.submitted_at FROM response r JOIN survey s ON s.id = r.survey_id"
        " AND s.workspace_id = r.workspace_id WHERE r.workspace_id = $1"
        f" AND r.flags <> '' AND r.state <> 'erased'{f' AND ({named})' if flags else ''}"
    )
    params = [workspace_id, *(f"% {flag} %" for flag in flags)]
    rows: list[_FlaggedRow] = await read_feed(db, select, params, after, limit)
    return [
        (
            row[0],
            FlaggedItem(
                id=to_uuid(row[1]),
                survey=row[2],
                standing=row[3],
                flags=tuple(row[4].split()),
                touchpoint=row[5],
                channel=row[6],
                context=msgspec.json.decode(row[7]),
                submitted_at=to_time(row[8]),
            ),
        )
        for row in rows
    ]

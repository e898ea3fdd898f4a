"""Flagged responses of all surveys in the order of their changes: read through the feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.lanes import Positions
from harken_server.database.values import StoredId, StoredTime, to_time, to_uuid
from harken_server.responses.codes import ALONE, NOT_ERASED, STANDINGS
from harken_server.responses.store.read import read_feed

_FlaggedRow: TypeAlias = tuple[int, StoredId, str, int, str, str, str, str, StoredTime]


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
        " r.submitted_at FROM response r JOIN survey s ON s.number = r.survey_number"
        " WHERE s.workspace_id = $1"
        f" AND r.flags <> '' AND r.{ALONE} AND r.{NOT_ERASED}{f' AND ({named})' if flags else ''}"
    )
    params = [workspace_id, *(f"% {flag} %" for flag in flags)]
    rows: list[_FlaggedRow] = await read_feed(db, select, params, after, limit)
    return [
        (
            row[0],
            FlaggedItem(
                id=to_uuid(row[1]),
                survey=row[2],
                standing=STANDINGS[row[3]],
                flags=tuple(row[4].split()),
                touchpoint=row[5],
                channel=row[6],
                context=msgspec.json.decode(row[7]),
                submitted_at=to_time(row[8]),
            ),
        )
        for row in rows
    ]

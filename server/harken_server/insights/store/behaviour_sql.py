"""Who rated how and when, and what these people did: read person by person."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.values import to_time
from harken_server.responses.codes import PROVED
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import select_responses


class Answered(NamedTuple):
    """A rating that is proved to be a person's."""

    respondent: str
    at: datetime
    rating: int


class Done(NamedTuple):
    """What a person did, and when."""

    respondent: str
    at: datetime
    value: float


async def read_answered(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    question: str,
    most: int,
) -> list[Answered] | None:
    """Visible ratings of people whose name is proved; None where there are more than `most`."""
    chosen = select_responses(workspace_id, survey_id, selection)
    rows = await db.scan(
        "SELECT r.respondent, COALESCE(r.answered_at, r.submitted_at),"  # noqa: S608  # a key is a checked name
        f" CAST(r.answers -> 'r' ->> '{question}' AS INTEGER), CAST(r.answers -> 'h' AS TEXT)"
        f" FROM response r WHERE {chosen.condition} AND r.{PROVED} AND r.respondent IS NOT NULL"
        f" AND r.answers -> 'r' ->> '{question}' IS NOT NULL LIMIT {most + 1:d}",
        *chosen.params,
    )
    if len(rows) > most:
        return None
    return [
        Answered(str(respondent), to_time(at), int(rating))
        for respondent, at, rating, hidden in rows
        if question not in msgspec.json.decode(hidden or "[]", type=list[str])
    ]


async def stream_done(
    db: Database, workspace_id: UUID, name: str, since: datetime
) -> AsyncGenerator[list[Done]]:
    """Events of that name since then, in no order, some at a time."""
    sql = (
        "SELECT respondent, at, COALESCE(value, 0) FROM event"
        " WHERE workspace_id = $1 AND name = $2 AND at >= $3"
    )
    async with aclosing(db.stream(sql, workspace_id, name, since)) as chunks:
        async for rows in chunks:
            yield [Done(str(who), to_time(at), float(value)) for who, at, value in rows]

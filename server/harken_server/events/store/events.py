"""Events as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.records import Records, is_among
from harken_server.database.values import StoredTime, to_time
from harken_server.events.tables import Event as T

STORED_AT_ONCE = 200
"""In one transaction: others want to write, too."""


class StoredEvent(msgspec.Struct, kw_only=True, frozen=True):
    """An event as it was told."""

    workspace_id: UUID
    id: UUID
    respondent: str
    name: str
    at: datetime
    value: float | None
    properties: dict[str, Any]
    digest: UUID


class EventName(msgspec.Struct, frozen=True):
    """A name of events, how many there are and when the last happened."""

    name: str
    n: int
    last_at: datetime


_EVENTS = Records(T, StoredEvent)


async def add_events(
    tx: Transaction, workspace_id: UUID, events: Sequence[StoredEvent]
) -> tuple[int, set[UUID]]:
    """Store what is new: how many that were, and the ids that were told otherwise before."""
    if not events:
        return 0, set()
    of = _EVENTS.of(workspace_id)
    added = await of.add_many(tx, events)
    if added == len(events):
        return added, set()
    told = {event.id: event.digest for event in events}
    stored = await of.all(tx, is_among(T.id, list(told)))
    return added, {each.id for each in stored if each.digest != told[each.id]}


async def list_events(
    db: Database, workspace_id: UUID, respondent: str, *, limit: int
) -> list[StoredEvent]:
    """The newest events of a person, newest first."""
    return await _EVENTS.of(workspace_id).all(
        db, T.respondent == respondent, order_by=(T.at,), is_descending=True, limit=limit
    )


async def list_names(db: Database, workspace_id: UUID) -> list[EventName]:
    """The names of all events, by name."""
    rows = await db.fetch(
        "SELECT name, COUNT(*), MAX(at) FROM event WHERE workspace_id = $1"
        " GROUP BY name ORDER BY name",
        workspace_id,
    )
    return [EventName(str(name), int(n), _time(last)) for name, n, last in rows]


def _time(value: StoredTime) -> datetime:
    return to_time(value)

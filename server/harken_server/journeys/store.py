"""Journeys: their definitions; the touchpoints of each are in `surveys.store.touchpoints`."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.rows import StoredTime
from harken_server.database.values import to_time
from harken_server.journeys.rules.journeys import Journey, encode_journey, read_journey

_Row: TypeAlias = tuple[str, StoredTime]

_SELECT = "SELECT definition, updated_at FROM journey WHERE workspace_id = $1"


class StoredJourney(msgspec.Struct, frozen=True):
    """A journey as it was last pushed."""

    journey: Journey
    updated_at: datetime


async def lock_journeys(tx: Transaction, workspace_id: UUID) -> None:
    """Make those who change journeys of the workspace take turns until `tx` ends."""
    await named_lock(tx, workspace_id, "journeys")


async def get_journey(
    db: Database | Transaction, workspace_id: UUID, key: str
) -> StoredJourney | None:
    """The journey with this key."""
    rows = await db.fetch(_SELECT + " AND key = $2", workspace_id, key)
    return _journey(rows[0]) if rows else None


async def list_journeys(db: Database | Transaction, workspace_id: UUID) -> list[StoredJourney]:
    """All journeys, by key."""
    rows = await db.fetch(_SELECT + " ORDER BY key", workspace_id)
    return [_journey(row) for row in rows]


async def put_journey(
    tx: Transaction, workspace_id: UUID, journey: Journey, now: datetime, new_id: UUID
) -> None:
    """Make the journey or replace its definition; `new_id` is used only for a new one."""
    await tx.execute(
        "INSERT INTO journey (id, workspace_id, key, definition, updated_at)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, key) DO UPDATE SET"
        " definition = excluded.definition, updated_at = excluded.updated_at",
        new_id,
        workspace_id,
        journey.key,
        encode_journey(journey).decode(),
        now,
    )


async def remove_journey(tx: Transaction, workspace_id: UUID, key: str) -> bool:
    """Forget the definition. False when there was none."""
    rows = await tx.execute(
        "DELETE FROM journey WHERE workspace_id = $1 AND key = $2 RETURNING id", workspace_id, key
    )
    return bool(rows)


def _journey(row: _Row) -> StoredJourney:
    return StoredJourney(read_journey(row[0]), to_time(row[1]))

"""Journeys: their definitions; the touchpoints of each are in `surveys.store.touchpoints`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Executor, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.records import Records
from harken_server.journeys.rules.journeys import Journey
from harken_server.journeys.tables import Journey as T


class StoredJourney(msgspec.Struct, frozen=True):
    """A journey as it was last pushed."""

    journey: Journey = msgspec.field(name="definition")
    updated_at: datetime


_JOURNEYS = Records(T, StoredJourney)


async def lock_journeys(tx: Transaction, workspace_id: UUID) -> None:
    """Make those who change journeys of the workspace take turns until `tx` ends."""
    await named_lock(tx, workspace_id, "journeys")


async def get_journey(db: Executor, workspace_id: UUID, key: str) -> StoredJourney | None:
    """The journey with this key."""
    return await _JOURNEYS.of(workspace_id).first(db, T.key == key)


async def list_journeys(db: Executor, workspace_id: UUID) -> list[StoredJourney]:
    """All journeys, by key."""
    return await _JOURNEYS.of(workspace_id).all(db, order_by=(T.key,))


async def put_journey(
    tx: Transaction, workspace_id: UUID, journey: Journey, now: datetime, new_id: UUID
) -> None:
    """Make the journey or replace its definition; `new_id` is used only for a new one."""
    values = {
        T.id: new_id,
        T.key: journey.key,
        T.definition: msgspec.structs.replace(journey, schema=None),
        T.updated_at: now,
    }
    await _JOURNEYS.of(workspace_id).put(tx, values, key=(T.workspace_id, T.key))


async def remove_journey(tx: Transaction, workspace_id: UUID, key: str) -> bool:
    """Forget the definition. False when there was none."""
    return bool(await _JOURNEYS.of(workspace_id).remove(tx, T.key == key))

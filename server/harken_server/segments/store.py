"""Segments of a workspace."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Executor, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.records import Records
from harken_server.segments.tables import Segment as T
from harken_server.surveys.conditions import Condition


class Segment(msgspec.Struct, kw_only=True, frozen=True):
    """A named filter as it was last set."""

    key: str
    title: str
    description: str = ""
    portrait: tuple[str, ...] = ()
    """Words that describe somebody of it: it is a persona then."""
    conditions: tuple[Condition, ...]
    """All must hold."""
    created_at: datetime
    updated_at: datetime


_SEGMENTS = Records(T, Segment)


async def lock_segments(tx: Transaction, workspace_id: UUID) -> None:
    """Make those who change segments, or touchpoints that name one, take turns until `tx` ends."""
    await named_lock(tx, workspace_id, "segments")


async def list_segments(db: Executor, workspace_id: UUID) -> list[Segment]:
    """All segments, by key."""
    return await _SEGMENTS.of(workspace_id).all(db, order_by=(T.key,))


async def get_segment(db: Executor, workspace_id: UUID, key: str) -> Segment | None:
    """The segment with this key."""
    return await _SEGMENTS.of(workspace_id).first(db, T.key == key)


async def put_segment(tx: Transaction, workspace_id: UUID, segment: Segment, new_id: UUID) -> None:
    """Make the segment or replace it; `new_id` and `created_at` are used only for a new one."""
    values = {**_SEGMENTS.values_of(segment), T.id: new_id}
    key = (T.workspace_id, T.key)
    await _SEGMENTS.of(workspace_id).put(tx, values, key, only_new=(T.created_at,))


async def remove_segment(tx: Transaction, workspace_id: UUID, key: str) -> bool:
    """Forget the segment. False when there was none."""
    return bool(await _SEGMENTS.of(workspace_id).remove(tx, T.key == key))

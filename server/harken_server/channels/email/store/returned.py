"""What came back of messages: kept once each, and matched with the delivery it is about."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.channels.email.rules.returns import MailReturn, ReturnKind
from harken_server.database.database import Database, Transaction
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.store.deliveries import DELIVERIES

_Row: TypeAlias = tuple[
    StoredId, str, ReturnKind, str, StoredId | None, str, StoredTime, StoredTime
]
_AFTER_ALL = UUID(int=2**128 - 1)
_FIND = f"""
SELECT {DELIVERIES.names("delivery")} FROM delivery
WHERE workspace_id = $1 AND channel = 'email'
"""  # noqa: S608  # only our own column list


class MailEvent(msgspec.Struct, kw_only=True, frozen=True):
    """Something that came back, as it is kept."""

    id: UUID
    name: str
    """The provider and its own id of it."""
    kind: ReturnKind
    address: str
    delivery_id: UUID | None
    """The message it is about; None when that is not known."""
    detail: str
    occurred_at: datetime
    created_at: datetime


async def add_event(
    tx: Transaction,
    workspace_id: UUID,
    event: MailReturn,
    *,
    delivery_id: UUID | None,
    occurred_at: datetime,
    now: datetime,
    new_id: UUID,
) -> bool:
    """Keep what came back. False, with nothing changed, when it is known by its name."""
    rows = await tx.execute(
        "INSERT INTO mail_event (id, workspace_id, name, kind, address, delivery_id, detail,"
        " occurred_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " ON CONFLICT (workspace_id, name) DO NOTHING RETURNING id",
        new_id,
        workspace_id,
        event.name,
        event.kind,
        event.address,
        delivery_id,
        event.detail,
        occurred_at,
        now,
    )
    return bool(rows)


async def count_soft_bounces(
    tx: Transaction, workspace_id: UUID, address: str, since: datetime
) -> int:
    """How often an address took no mail for the moment, since a time."""
    row = await tx.fetch_one(
        "SELECT COUNT(*) FROM mail_event WHERE workspace_id = $1 AND address = $2"
        " AND occurred_at >= $3 AND kind = 'soft'",
        workspace_id,
        address,
        since,
    )
    return int(row[0]) if row else 0


async def list_events(
    db: Database, workspace_id: UUID, *, before: UUID | None, limit: int
) -> list[MailEvent]:
    """What came back, the latest first; go on before the last one's id."""
    rows: list[_Row] = await db.fetch(
        "SELECT id, name, kind, address, delivery_id, detail, occurred_at, created_at"
        " FROM mail_event WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        workspace_id,
        before or _AFTER_ALL,
        limit,
    )
    return [_event(row) for row in rows]


async def find_by_message_id(
    tx: Transaction, workspace_id: UUID, message_id: str
) -> Delivery | None:
    """The delivery with this Message-ID, given without angle brackets."""
    rows = await tx.fetch(
        _FIND + " AND message_id IN ($2, $3) ORDER BY id DESC LIMIT 1",
        workspace_id,
        message_id,
        f"<{message_id}>",
    )
    return DELIVERIES.read(rows[0]) if rows else None


async def find_by_address(tx: Transaction, workspace_id: UUID, address: str) -> Delivery | None:
    """The latest delivery to this address that was handed over."""
    rows = await tx.fetch(
        _FIND + " AND address IN ($2, $3) AND handed_over_at IS NOT NULL ORDER BY id DESC LIMIT 1",
        workspace_id,
        address,
        address.lower(),
    )
    return DELIVERIES.read(rows[0]) if rows else None


def _event(row: _Row) -> MailEvent:
    return MailEvent(
        id=to_uuid(row[0]),
        name=row[1],
        kind=row[2],
        address=row[3],
        delivery_id=to_uuid(row[4]),
        detail=row[5],
        occurred_at=to_time(row[6]),
        created_at=to_time(row[7]),
    )

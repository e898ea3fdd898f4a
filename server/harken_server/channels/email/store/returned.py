"""What came back of messages: kept once each, and matched with the delivery it is about."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.channels.email.rules.returns import MailReturn, ReturnKind
from harken_server.channels.email.tables import MailEvent as T
from harken_server.database.database import Database, Transaction
from harken_server.database.records import Condition, Records, is_among
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.store.deliveries import DELIVERIES
from harken_server.deliveries.tables import Delivery as Sent


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


_EVENTS = Records(T, MailEvent)
_IS_MAIL = Sent.channel == "email"


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
    values = {
        T.id: new_id,
        T.name: event.name,
        T.kind: event.kind,
        T.address: event.address,
        T.delivery_id: delivery_id,
        T.detail: event.detail,
        T.occurred_at: occurred_at,
        T.created_at: now,
    }
    return await _EVENTS.of(workspace_id).add(tx, values)


async def count_soft_bounces(
    tx: Transaction, workspace_id: UUID, address: str, since: datetime
) -> int:
    """How often an address took no mail for the moment, since a time."""
    return await _EVENTS.of(workspace_id).count(
        tx, T.address == address, T.occurred_at >= since, T.kind == "soft"
    )


async def list_events(
    db: Database, workspace_id: UUID, *, before: UUID | None, limit: int
) -> list[MailEvent]:
    """What came back, the latest first; go on before the last one's id."""
    behind = () if before is None else (T.id < before,)
    return await _EVENTS.of(workspace_id).all(
        db, *behind, order_by=(T.id,), is_descending=True, limit=limit
    )


async def find_by_message_id(
    tx: Transaction, workspace_id: UUID, message_id: str
) -> Delivery | None:
    """The delivery with this Message-ID, given without angle brackets."""
    is_it = is_among(Sent.message_id, [message_id, f"<{message_id}>"])
    return await _latest(tx, workspace_id, is_it)


async def find_by_address(tx: Transaction, workspace_id: UUID, address: str) -> Delivery | None:
    """The latest delivery to this address that was handed over."""
    is_to = is_among(Sent.address, [address, address.lower()])
    return await _latest(tx, workspace_id, is_to & Sent.handed_over_at.is_not_null())


async def _latest(tx: Transaction, workspace_id: UUID, is_it: Condition) -> Delivery | None:
    found = await DELIVERIES.of(workspace_id).all(
        tx, _IS_MAIL, is_it, order_by=(Sent.id,), is_descending=True, limit=1
    )
    return found[0] if found else None

"""Deliveries: what is queued for a respondent, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from harken_server.database.database import Database, Transaction
from harken_server.database.records import Records, Values, is_among
from harken_server.deliveries.rules import Delivery, DeliveryState
from harken_server.deliveries.tables import Delivery as T

Reader: TypeAlias = Database | Transaction

DELIVERIES = Records(T, Delivery)


async def add_delivery(tx: Transaction, delivery: Delivery) -> bool:
    """Queue a delivery. False, with nothing changed, when the same one is there already."""
    return await DELIVERIES.of(delivery.workspace_id).add(tx, DELIVERIES.values_of(delivery))


async def get_delivery(db: Reader, workspace_id: UUID, delivery_id: UUID) -> Delivery | None:
    """The delivery with this id."""
    return await DELIVERIES.of(workspace_id).first(db, T.id == delivery_id)


async def list_deliveries(
    db: Database,
    workspace_id: UUID,
    *,
    survey_id: UUID | None = None,
    invitation_id: UUID | None = None,
    state: DeliveryState | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> list[Delivery]:
    """Deliveries, newest first; go on before the last one's id."""
    equal = ((T.survey_id, survey_id), (T.invitation_id, invitation_id), (T.state, state))
    wanted = [column == value for column, value in equal if value is not None]
    if before is not None:
        wanted.append(T.id < before)
    deliveries = DELIVERIES.of(workspace_id)
    return await deliveries.all(db, *wanted, order_by=(T.id,), is_descending=True, limit=limit)


async def start_sending(
    tx: Transaction, delivery: Delivery, now: datetime, *, message_id: str
) -> bool:
    """Write down that it is about to be handed over; False when it is not queued any more."""
    values = {
        T.state: "sending",
        T.attempts: T.attempts + 1,
        T.handed_over_at: now,
        T.message_id: message_id,
    }
    return await _move(tx, delivery, "queued", values)


async def postpone(
    db: Reader, delivery: Delivery, *, due_at: datetime, error: str | None, is_attempt: bool
) -> bool:
    """Keep waiting until `due_at`, with the reason. False when it is over or in other hands."""
    values = {
        T.state: "queued",
        T.due_at: due_at,
        T.last_error: error,
        T.handed_over_at: None,
        T.attempts: T.attempts + int(is_attempt),
    }
    return await _move(db, delivery, delivery.state, values)


async def settle(
    db: Reader,
    delivery: Delivery,
    state: DeliveryState,
    now: datetime,
    *,
    error: str | None = None,
    handed_over_at: datetime | None = None,
    is_attempt: bool = False,
) -> bool:
    """Write down how it ended. False when it is not in `delivery.state` any more.

    `handed_over_at` is None for what certainly did not reach its carrier.
    """
    values = {
        T.state: state,
        T.finished_at: now,
        T.last_error: error,
        T.handed_over_at: handed_over_at,
        T.attempts: T.attempts + int(is_attempt),
    }
    return await _move(db, delivery, delivery.state, values)


async def requeue_failed(tx: Transaction, delivery: Delivery, now: datetime) -> bool:
    """Make a failed delivery wait again, its attempts counted anew. False for other states."""
    values = {
        T.state: "queued",
        T.attempts: 0,
        T.due_at: now,
        T.finished_at: None,
        T.last_error: None,
    }
    return await _move(tx, delivery, "failed", values)


async def note_return(
    db: Reader, delivery: Delivery, state: DeliveryState, now: datetime, *, error: str
) -> bool:
    """Write down that what was handed over bounced or was complained about.

    False, with nothing changed, when that was known. A complaint outranks a bounce.
    """
    values = {T.state: state, T.finished_at: now, T.last_error: error}
    over = is_among(T.state, ["sending", "sent", "unknown", "bounced"]) & (T.state != state)
    deliveries = DELIVERIES.of(delivery.workspace_id)
    return bool(await deliveries.change(db, values, T.id == delivery.id, over))


async def count_handed_over(db: Reader, workspace_id: UUID, channel: str, since: datetime) -> int:
    """How many were handed over on a channel since, those under way included."""
    lately = (T.channel == channel, T.handed_over_at >= since)
    return await DELIVERIES.of(workspace_id).count(db, *lately)


async def _move(db: Reader, delivery: Delivery, state: DeliveryState, values: Values) -> bool:
    """Change it if it is in that state."""
    is_it = (T.id == delivery.id, T.state == state)
    return bool(await DELIVERIES.of(delivery.workspace_id).change(db, values, *is_it))

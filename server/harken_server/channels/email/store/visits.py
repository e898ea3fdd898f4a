"""Visits to the links of a message: evidence, bounded for each invitation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.channels.email.rules.visits import LinkVisit
from harken_server.channels.email.tables import LinkVisit as T
from harken_server.database.database import Database, Transaction
from harken_server.database.records import Records, is_among
from harken_server.database.tables import Outbox
from harken_server.deliveries.tables import Delivery

MOST_VISITS = 200
"""Of one invitation; the oldest make room for new ones, so that nobody can fill the disk."""


class _Name(msgspec.Struct, frozen=True):
    id: UUID


class _Promise(msgspec.Struct, frozen=True):
    id: UUID
    payload: str


class _HandOver(msgspec.Struct, frozen=True):
    handed_over_at: datetime


_VISITS = Records(T, LinkVisit)
_NAMES = Records(T, _Name)
_PROMISES = Records(Outbox, _Promise)
_HAND_OVERS = Records(Delivery, _HandOver)


async def add_visit(
    db: Database,
    workspace_id: UUID,
    invitation_id: UUID,
    visit: LinkVisit,
    *,
    new_id: UUID,
    tx: Transaction | None = None,
) -> None:
    """Write a visit down, in the caller's transaction if there is one."""
    writer = db if tx is None else tx
    is_its = T.invitation_id == invitation_id
    too_many = await _NAMES.of(workspace_id).count(db, is_its) - MOST_VISITS + 1
    if too_many > 0:
        oldest = await _NAMES.of(workspace_id).all(
            db, is_its, order_by=(T.visited_at, T.id), limit=too_many
        )
        await _NAMES.of(workspace_id).remove(writer, is_among(T.id, [each.id for each in oldest]))
    values = {T.id: new_id, T.invitation_id: invitation_id}
    await _VISITS.of(workspace_id).add(writer, values | _VISITS.values_of(visit))


async def list_visits(db: Database, workspace_id: UUID, invitation_id: UUID) -> list[LinkVisit]:
    """The latest visits, in their order in time."""
    is_its = T.invitation_id == invitation_id
    return await _VISITS.of(workspace_id).all(db, is_its, order_by=(T.visited_at, T.id))


async def list_promises(db: Database, workspace_id: UUID, invitation_id: UUID) -> list[str]:
    """Payloads of the outbox items that settle an invitation's visits, the latest first.

    Such an item has the id of the visit that it is about.
    """
    visits = await _NAMES.of(workspace_id).all(
        db,
        T.invitation_id == invitation_id,
        is_among(T.kind, ["confirm", "seen"]),
        order_by=(T.visited_at, T.id),
        is_descending=True,
    )
    ids = [visit.id for visit in visits]
    found = await _PROMISES.of(workspace_id).all(db, is_among(Outbox.id, ids)) if ids else []
    payloads = {promise.id: promise.payload for promise in found}
    return [payloads[each] for each in ids if each in payloads]


async def list_hand_overs(db: Database, workspace_id: UUID, invitation_id: UUID) -> list[datetime]:
    """When messages about an invitation were given to the mail server."""
    found = await _HAND_OVERS.of(workspace_id).all(
        db,
        Delivery.invitation_id == invitation_id,
        Delivery.channel == "email",
        Delivery.handed_over_at.is_not_null(),
    )
    return [each.handed_over_at for each in found]

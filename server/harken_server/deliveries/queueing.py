"""Queue the delivery of an invitation in the transaction that made the invitation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import assert_never
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.outbox import enqueue, requeue
from harken_server.deliveries.channels import Channels, Need
from harken_server.deliveries.rules import Delivery, DeliveryKind, SendPayload, send_kind
from harken_server.deliveries.store.deliveries import add_delivery, requeue_failed
from harken_server.invitations.invitation import Invitation
from harken_server.kernel.formats import normalise_phone
from harken_server.kernel.person_names import MAX_RESPONDENT
from harken_server.respondents.store.respondents import get_respondent

_LACKING: dict[Need, str] = {
    "email": "no e-mail address of this respondent is known",
    "phone": "no telephone number of this respondent is known",
    "respondent": "no respondent is named",
}


async def queue_invitation(
    tx: Transaction,
    channels: Channels,
    invitation: Invitation,
    *,
    email: str | None,
    phone: str | None,
    due_at: datetime,
    now: datetime,
    new_id: Callable[[], UUID],
) -> UUID | None:
    """Promise a delivery where Harken sends on the invitation's channel; its id.

    None on every other channel, and for a person of whom what the channel needs is not known: then
    the application hands on the link. `phone` is asked of what is stored when it is not given.
    """
    sends = channels.sends(invitation.channel)
    if sends is None:
        return None
    address = await _find_address(
        tx, sends.needs, invitation.workspace_id, invitation.respondent, email=email, phone=phone
    )
    if address is None:
        return None
    return await queue_delivery(
        tx, invitation=invitation, address=address, due_at=due_at, now=now, new_id=new_id
    )


async def find_lack(
    tx: Transaction,
    channels: Channels,
    channel: str,
    workspace_id: UUID,
    respondent: str | None,
    *,
    email: str | None,
    phone: str | None,
) -> str:
    """What is missing to reach a person on a channel, in words; empty when nothing is.

    `email` is what is known by now; `phone` is asked of what is stored when it is not given.
    """
    sends = channels.sends(channel)
    if sends is None:
        return ""
    blocked = channels.blocked(channel)
    if blocked is not None:
        return f"channel {channel} {blocked[:1].lower()}{blocked[1:].rstrip('.')}"
    address = await _find_address(
        tx, sends.needs, workspace_id, respondent, email=email, phone=phone
    )
    return f"channel {channel} cannot reach: {_LACKING[sends.needs]}" if address is None else ""


async def queue_delivery(
    tx: Transaction,
    *,
    invitation: Invitation,
    address: str,
    due_at: datetime,
    now: datetime,
    new_id: Callable[[], UUID],
    kind: DeliveryKind = "invitation",
) -> UUID | None:
    """Promise one delivery, due at `due_at`, if the caller's transaction commits; its id.

    None, and nothing queued, when this survey, respondent, wave and kind has its delivery already.
    An invitation outside of a programme is a wave of its own. Works while the channel cannot send:
    the delivery then waits until it can.
    """
    delivery = Delivery(
        id=new_id(),
        workspace_id=invitation.workspace_id,
        survey_id=invitation.survey_id,
        invitation_id=invitation.id,
        channel=invitation.channel,
        respondent=invitation.respondent or address[:MAX_RESPONDENT],
        wave=invitation.wave or f"invitation {invitation.id}",
        kind=kind,
        address=address,
        state="queued",
        attempts=0,
        created_at=now,
        due_at=due_at,
    )
    if not await add_delivery(tx, delivery):
        return None
    await _promise(tx, delivery, now)
    return delivery.id


async def send_again(db: Database, delivery: Delivery, now: datetime) -> bool:
    """Queue a delivery once more that failed, and so certainly was not taken. False for others."""
    if delivery.state != "failed":
        return False
    async with db.transaction() as tx:
        is_queued = await requeue_failed(tx, delivery, now)
        if is_queued:
            await requeue(tx, delivery.workspace_id, delivery.id, now)
    return is_queued


async def _find_address(
    tx: Transaction,
    need: Need,
    workspace_id: UUID,
    respondent: str | None,
    *,
    email: str | None,
    phone: str | None,
) -> str | None:
    match need:
        case "email":
            return email
        case "respondent":
            return respondent
        case "phone":
            return (
                normalise_phone(phone)
                if phone
                else await _stored_phone(tx, workspace_id, respondent)
            )
        case _:
            assert_never(need)


async def _stored_phone(tx: Transaction, workspace_id: UUID, respondent: str | None) -> str | None:
    if respondent is None:
        return None
    person = await get_respondent(tx, workspace_id, respondent)
    return person.phone if person else None


async def _promise(tx: Transaction, delivery: Delivery, now: datetime) -> None:
    await enqueue(
        tx,
        delivery.workspace_id,
        id=delivery.id,
        kind=send_kind(delivery.channel),
        payload=msgspec.json.encode(SendPayload(delivery.id)).decode(),
        now=now,
        due_at=delivery.due_at,
    )

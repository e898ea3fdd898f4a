"""Queue the mail of an invitation in the transaction that made the invitation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.channels.email.rules.deliveries import (
    MAIL_SEND,
    Delivery,
    DeliveryKind,
    SendPayload,
)
from harken_server.channels.email.store.deliveries import add_delivery, requeue_failed
from harken_server.database.database import Database, Transaction
from harken_server.database.outbox import enqueue, requeue
from harken_server.invitations.invitation import Invitation

MAX_RESPONDENT = 200


async def queue_invitation_mail(
    tx: Transaction,
    *,
    invitation: Invitation,
    address: str,
    due_at: datetime,
    now: datetime,
    new_id: Callable[[], UUID],
    kind: DeliveryKind = "invitation",
) -> UUID | None:
    """Promise one mail, due at `due_at`, if the caller's transaction commits; its id.

    None, and nothing queued, when this survey, respondent, wave and kind has its mail already. An
    invitation outside of a programme is a wave of its own. Works without a mail server configured:
    the mail then waits until there is one.
    """
    delivery = Delivery(
        id=new_id(),
        workspace_id=invitation.workspace_id,
        survey_id=invitation.survey_id,
        invitation_id=invitation.id,
        respondent=invitation.respondent or address[:MAX_RESPONDENT],
        wave=wave_of(invitation),
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


async def _promise(tx: Transaction, delivery: Delivery, now: datetime) -> None:
    await enqueue(
        tx,
        delivery.workspace_id,
        id=delivery.id,
        kind=MAIL_SEND,
        payload=msgspec.json.encode(SendPayload(delivery.id)).decode(),
        now=now,
        due_at=delivery.due_at,
    )


async def send_again(db: Database, delivery: Delivery, now: datetime) -> bool:
    """Queue a mail once more that failed, and so was certainly not sent. False for all others."""
    if delivery.state != "failed":
        return False
    async with db.transaction() as tx:
        is_queued = await requeue_failed(tx, delivery, now)
        if is_queued:
            await requeue(tx, delivery.workspace_id, delivery.id, now)
    return is_queued


def wave_of(invitation: Invitation) -> str:
    """Name what may be mailed once: the programme's wave, or the single invitation."""
    return invitation.wave or f"invitation {invitation.id}"

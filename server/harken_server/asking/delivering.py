"""What follows from an invitation on its channel, in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from harken_server.channels.email.sending.queueing import queue_invitation_mail
from harken_server.database.database import Transaction
from harken_server.invitations.invitation import Invitation

EMAIL = "email"


async def reach(
    tx: Transaction,
    invitation: Invitation,
    *,
    address: str | None,
    due_at: datetime,
    now: datetime,
    new_id: Callable[[], UUID],
) -> UUID | None:
    """Promise a mail when the channel is e-mail and an address is known; its delivery's id.

    On every other channel, and without an address, the host application hands on the link.
    """
    if invitation.channel != EMAIL or address is None:
        return None
    return await queue_invitation_mail(
        tx, invitation=invitation, address=address, due_at=due_at, now=now, new_id=new_id
    )

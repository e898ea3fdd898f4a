"""What is handed over to one respondent about one invitation, and what may become of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

DeliveryKind: TypeAlias = Literal["invitation", "reminder"]

DeliveryState: TypeAlias = Literal[
    "queued",
    "sending",
    "sent",
    "failed",
    "unknown",
    "suppressed",
    "cancelled",
    "bounced",
    "complained",
]
"""queued: waits, or will be tried again. sending: being handed over, no outcome yet. sent: whoever
carries it took it, such as the mail server. failed: it will not be tried again, `last_error` says
why. unknown: the connection or the worker was lost before the outcome was known; it is never sent
again. suppressed: the person must not be asked. cancelled: there was nothing left to ask. bounced:
it came back. complained: the person reported it as unwanted."""


def send_kind(channel: str) -> str:
    """Kind of the outbox item that sends a delivery of this channel: a `SendPayload`."""
    return f"{channel}.send"


class Delivery(msgspec.Struct, kw_only=True, frozen=True):
    """One message, queued or handed over. At most one a survey, respondent, wave and kind."""

    id: UUID
    workspace_id: UUID
    survey_id: UUID
    invitation_id: UUID
    channel: str
    """The channel of the invitation."""
    respondent: str
    """The host's own name for the person; the address for somebody without one."""
    wave: str
    """Wave of the programme; for single invitations the invitation's own name."""
    kind: DeliveryKind
    address: str
    """What the channel needs: an e-mail address, a phone number, or the respondent's name."""
    state: DeliveryState
    attempts: int
    """How often it was tried to send it."""
    created_at: datetime
    due_at: datetime
    handed_over_at: datetime | None = None
    """When it was given to whoever carries it; None when it was not."""
    finished_at: datetime | None = None
    message_id: str = ""
    """What the carrier knows it by, such as a mail's Message-ID; the same at every attempt."""
    last_error: str | None = None


class SendPayload(msgspec.Struct, frozen=True):
    """What the outbox item of a delivery says."""

    delivery_id: UUID

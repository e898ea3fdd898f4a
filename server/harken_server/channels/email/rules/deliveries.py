"""Mail to one respondent about one invitation: what is kept of it, and what may become of it."""

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
"""queued: waits, or will be tried again. sending: being talked to the mail server, no outcome yet.
sent: the mail server took it. failed: it will not be tried again, `last_error` says why. unknown:
the connection or the worker was lost before the outcome was known; it is never sent again.
suppressed: the person must not be asked. cancelled: there was nothing left to ask. bounced: it came
back. complained: the person reported it as unwanted."""

MAIL_SEND = "mail.send"
"""Kind of the outbox item that sends a delivery; its payload names the `delivery_id`."""


class Delivery(msgspec.Struct, kw_only=True, frozen=True):
    """One mail, queued or sent. At most one a survey, respondent, wave and kind."""

    id: UUID
    workspace_id: UUID
    survey_id: UUID
    invitation_id: UUID
    respondent: str
    """The host's own name for the person; the address for somebody without one."""
    wave: str
    """Wave of the programme; for single invitations the invitation's own name."""
    kind: DeliveryKind
    address: str
    state: DeliveryState
    attempts: int
    """How often it was tried to send it."""
    created_at: datetime
    due_at: datetime
    handed_over_at: datetime | None = None
    """When the mail server was given the message; None when it was not."""
    finished_at: datetime | None = None
    message_id: str = ""
    """Value of its Message-ID header, with the angle brackets; the same at every attempt."""
    last_error: str | None = None


class SendPayload(msgspec.Struct, frozen=True):
    """Payload of a `MAIL_SEND` item."""

    delivery_id: UUID

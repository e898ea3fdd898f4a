"""Events of SendGrid: "Event webhook reference". They come in batches."""

from __future__ import annotations

from typing import Annotated

import msgspec

from harken_server.channels.email.returns.notices.shared import MAX_EVENTS, Address, moment_of
from harken_server.channels.email.rules.returns import (
    MailReturn,
    Reading,
    ReturnKind,
    plain_detail,
    plain_message_id,
    return_name,
)


class _SendGrid(msgspec.Struct):
    email: Address
    event: str
    sg_event_id: str
    timestamp: float = 0.0
    smtp_id: str = msgspec.field(default="", name="smtp-id")
    type: str = ""
    reason: str = ""
    status: str = ""


def read_sendgrid(body: bytes) -> Reading:
    """A batch of SendGrid's events."""
    batch = Annotated[list[_SendGrid], msgspec.Meta(max_length=MAX_EVENTS)]
    events: list[_SendGrid] = msgspec.json.decode(body, type=batch)
    found = tuple(each for each in map(_of_sendgrid, events) if each is not None)
    return Reading(found, ignored=len(events) - len(found))


def _sendgrid_kind(event: _SendGrid) -> ReturnKind | None:
    reason = event.reason.lower()
    match event.event:
        case "bounce":
            return "soft" if event.type == "blocked" else "hard"
        case "spamreport":
            return "complaint"
        case "unsubscribe" | "group_unsubscribe":
            return "unsubscribe"
        case "dropped" if "bounced" in reason or "invalid" in reason:
            return "hard"
        case "dropped" if "spam report" in reason:
            return "complaint"
        case "dropped" if "unsubscribed" in reason:
            return "unsubscribe"
        case _:
            return None


def _of_sendgrid(event: _SendGrid) -> MailReturn | None:
    kind = _sendgrid_kind(event)
    return kind and MailReturn(
        name=return_name("sendgrid", event.sg_event_id),
        kind=kind,
        address=event.email,
        occurred_at=moment_of(event.timestamp),
        message_id=plain_message_id(event.smtp_id),
        detail=plain_detail(event.status, event.reason),
    )

"""Notices of Mailgun: "Webhooks" of its manual."""

from __future__ import annotations

import hashlib
import hmac

import msgspec

from harken_server.channels.email.returns.notices.shared import Address, moment_of
from harken_server.channels.email.rules.returns import (
    MailReturn,
    Reading,
    ReturnKind,
    plain_detail,
    plain_message_id,
    return_name,
)


class MailgunSignature(msgspec.Struct):
    """What Mailgun signs its notices with: HMAC-SHA256, in hex, of time stamp and token."""

    timestamp: str
    token: str
    signature: str


class _MailgunHeaders(msgspec.Struct):
    message_id: str = msgspec.field(default="", name="message-id")


class _MailgunMessage(msgspec.Struct):
    headers: _MailgunHeaders = msgspec.field(default_factory=_MailgunHeaders)


class _MailgunStatus(msgspec.Struct):
    message: str | None = None
    description: str | None = None


class _MailgunEvent(msgspec.Struct):
    event: str
    id: str
    recipient: Address
    timestamp: float = 0.0
    severity: str = ""
    reason: str = ""
    message: _MailgunMessage = msgspec.field(default_factory=_MailgunMessage)
    status: _MailgunStatus = msgspec.field(default_factory=_MailgunStatus, name="delivery-status")


class MailgunNotice(msgspec.Struct):
    """A whole notice of Mailgun."""

    event: _MailgunEvent = msgspec.field(name="event-data")
    signature: MailgunSignature | None = None


def read_mailgun(body: bytes) -> Reading:
    """One notice of Mailgun; whether its signature is good is for the caller to check."""
    event = msgspec.json.decode(body, type=MailgunNotice).event
    kind = _mailgun_kind(event)
    if kind is None:
        return Reading(ignored=1)
    found = MailReturn(
        name=return_name("mailgun", event.id),
        kind=kind,
        address=event.recipient,
        occurred_at=moment_of(event.timestamp),
        message_id=plain_message_id(event.message.headers.message_id),
        detail=plain_detail(event.reason, event.status.message or event.status.description or ""),
    )
    return Reading((found,))


def is_mailgun_signed(key: bytes, body: bytes) -> bool:
    """Whether a notice carries a good signature. Raises msgspec.DecodeError as `read_mailgun`."""
    signature = msgspec.json.decode(body, type=MailgunNotice).signature
    if signature is None:
        return False
    said = (signature.timestamp + signature.token).encode()
    made = hmac.new(key, said, hashlib.sha256).hexdigest()
    return hmac.compare_digest(made.encode(), signature.signature.lower().encode())


def _mailgun_kind(event: _MailgunEvent) -> ReturnKind | None:
    match event.event:
        case "complained":
            return "complaint"
        case "unsubscribed":
            return "unsubscribe"
        case "failed" if event.reason == "suppress-complaint":
            return "complaint"
        case "failed" if event.reason == "suppress-unsubscribe":
            return "unsubscribe"
        case "failed":
            return "hard" if event.severity == "permanent" else "soft"
        case _:
            return None

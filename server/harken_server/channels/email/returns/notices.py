"""Notices of mail providers, read into what came back.

Only fields that decide anything are read; whatever else a provider adds does not matter. A field
that is missing or of another type makes msgspec name its path. Where the facts stand: Postmark,
"Bounce", "Spam complaint" and "Subscription change webhook"; SendGrid, "Event webhook reference";
Mailgun, "Webhooks" of its manual.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

from harken_server.channels.email.returns.ses import read_ses
from harken_server.channels.email.rules.returns import (
    MAX_EVENTS,
    Address,
    MailReturn,
    Reading,
    ReturnKind,
    plain_detail,
    plain_message_id,
    return_name,
)
from harken_server.kernel.errors import Problem


def moment_of(seconds: float) -> datetime | None:
    """The time of a Unix time stamp; None for one that no clock shows."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 1e11 else None


class GenericEvent(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What any other system may tell."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=150)]
    """The same for a repeat."""
    event: Literal["hard_bounce", "soft_bounce", "complaint", "unsubscribe"]
    address: Address
    message_id: Annotated[str, msgspec.Meta(max_length=300)] = ""
    occurred_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    detail: Annotated[str, msgspec.Meta(max_length=2000)] = ""


def read_generic(body: bytes) -> Reading:
    """One event, or a list of them."""
    kinds: dict[str, ReturnKind] = {"hard_bounce": "hard", "soft_bounce": "soft"}
    one_or_many = GenericEvent | Annotated[list[GenericEvent], msgspec.Meta(max_length=MAX_EVENTS)]
    decoded: GenericEvent | list[GenericEvent] = msgspec.json.decode(body, type=one_or_many)
    events = decoded if isinstance(decoded, list) else [decoded]
    return Reading(
        tuple(
            MailReturn(
                name=return_name("generic", event.id),
                kind=kinds.get(event.event) or msgspec.convert(event.event, ReturnKind),
                address=event.address,
                occurred_at=event.occurred_at,
                message_id=plain_message_id(event.message_id),
                detail=plain_detail(event.detail),
            )
            for event in events
        )
    )


class _Postmark(msgspec.Struct, rename="pascal"):
    record_type: str
    id: int = msgspec.field(default=0, name="ID")
    type: str = ""
    email: str = ""
    recipient: str = ""
    message_id: str | None = msgspec.field(default=None, name="MessageID")
    description: str | None = None
    details: str | None = None
    bounced_at: datetime | None = None
    changed_at: datetime | None = None
    inactive: bool = False
    suppress_sending: bool = False
    suppression_reason: str | None = None


def read_postmark(body: bytes) -> Reading:
    """One notice of Postmark."""
    notice = msgspec.json.decode(body, type=_Postmark)
    kind = _postmark_kind(notice)
    if kind is None:
        return Reading(ignored=1)
    address = notice.email or notice.recipient
    if len(address) < 3:
        field = "Recipient" if notice.record_type == "SubscriptionChange" else "Email"
        problem = Problem(f"$.{field}", "missing", f"`{field}` must name the recipient.")
        return Reading(problems=(problem,))
    occurred_at = notice.bounced_at or notice.changed_at
    own_id = notice.id or f"{notice.message_id}:{address}:{occurred_at}"
    detail = plain_detail(
        notice.type or notice.suppression_reason or "", notice.details or notice.description or ""
    )
    found = MailReturn(
        name=return_name("postmark", notice.record_type, own_id),
        kind=kind,
        address=address,
        occurred_at=occurred_at,
        detail=detail,
    )
    return Reading((found,))


_POSTMARK_HARD = frozenset({"HardBounce", "BadEmailAddress", "ManuallyDeactivated"})
_POSTMARK_SAYS_NOTHING = frozenset(
    {"AutoResponder", "AddressChange", "Subscribe", "ChallengeVerification", "OpenRelayTest"}
)


def _postmark_kind(notice: _Postmark) -> ReturnKind | None:
    match notice.record_type:
        case "SpamComplaint":
            return "complaint"
        case "Bounce" if notice.type == "SpamComplaint":
            return "complaint"
        case "Bounce" if notice.type == "Unsubscribe":
            return "unsubscribe"
        case "Bounce" if notice.type in _POSTMARK_HARD or notice.inactive:
            return "hard"
        case "Bounce":
            return None if notice.type in _POSTMARK_SAYS_NOTHING else "soft"
        case "SubscriptionChange" if notice.suppress_sending:
            reasons: dict[str, ReturnKind] = {"HardBounce": "hard", "SpamComplaint": "complaint"}
            return reasons.get(notice.suppression_reason or "", "unsubscribe")
        case _:
            return None


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


Provider: TypeAlias = Literal["ses", "postmark", "sendgrid", "mailgun", "generic"]

READERS: Mapping[Provider, Callable[[bytes], Reading]] = {
    "ses": read_ses,
    "postmark": read_postmark,
    "sendgrid": read_sendgrid,
    "mailgun": read_mailgun,
    "generic": read_generic,
}
"""Each raises msgspec.DecodeError, with the path of the field that is wrong."""

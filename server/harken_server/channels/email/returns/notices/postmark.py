"""Notices of Postmark: "Bounce", "Spam complaint" and "Subscription change webhook"."""

from __future__ import annotations

from datetime import datetime

import msgspec

from harken_server.channels.email.rules.returns import (
    MailReturn,
    Reading,
    ReturnKind,
    plain_detail,
    return_name,
)
from harken_server.kernel.errors import Problem


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

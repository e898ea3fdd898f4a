"""Notices of Amazon SES, wrapped by SNS or raw.

Facts: "Amazon SNS notification contents for Amazon SES" and "HTTP/HTTPS subscription confirmation
JSON format" of the services' documentation.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

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


class _SnsEnvelope(msgspec.Struct, rename="pascal"):
    type: str | None = None
    message_id: str = ""
    message: str = ""
    topic_arn: str = ""
    subscribe_url: str = msgspec.field(default="", name="SubscribeURL")


class _SesRecipient(msgspec.Struct, rename="camel"):
    email_address: Address
    status: str = ""
    diagnostic_code: str = ""


class _SesBounce(msgspec.Struct, rename="camel"):
    bounce_type: str
    bounced_recipients: Annotated[list[_SesRecipient], msgspec.Meta(max_length=MAX_EVENTS)]
    feedback_id: str
    timestamp: datetime
    bounce_sub_type: str = ""


class _SesComplaint(msgspec.Struct, rename="camel"):
    complained_recipients: Annotated[list[_SesRecipient], msgspec.Meta(max_length=MAX_EVENTS)]
    feedback_id: str
    timestamp: datetime
    complaint_feedback_type: str | None = None


class _SesHeader(msgspec.Struct):
    name: str
    value: str


class _SesMail(msgspec.Struct, rename="camel"):
    source: str = ""
    headers: list[_SesHeader] = []


class _SesNotice(msgspec.Struct, rename="camel"):
    mail: _SesMail
    notification_type: str = ""
    event_type: str = ""
    bounce: _SesBounce | None = None
    complaint: _SesComplaint | None = None


def read_ses(body: bytes) -> Reading:
    """An SNS message about SES mail, or SES's own notice when SNS delivers it raw."""
    envelope = msgspec.json.decode(body, type=_SnsEnvelope)
    if envelope.type is None:
        return _read_ses_notice(body)
    if envelope.type == "SubscriptionConfirmation":
        detail = plain_detail(envelope.subscribe_url, envelope.topic_arn)
        name = return_name("ses", "confirm", envelope.message_id)
        return Reading((MailReturn(name=name, kind="confirm", address="", detail=detail),))
    if envelope.type != "Notification":
        return Reading(ignored=1)
    try:
        return _read_ses_notice(envelope.message.encode())
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(_below_message(str(error))) from error
    except msgspec.DecodeError:
        message = "`Message` must hold a notice of SES as JSON."
        return Reading(problems=(Problem("$.Message", "wrong_shape", message),))


def _read_ses_notice(body: bytes) -> Reading:
    notice = msgspec.json.decode(body, type=_SesNotice)
    said = notice.notification_type or notice.event_type
    headers = {header.name.lower(): header.value for header in notice.mail.headers}
    known = {
        "message_id": plain_message_id(headers.get("message-id", "")),
        "return_address": notice.mail.source,
    }
    if said == "Bounce" and notice.bounce is not None:
        bounce = notice.bounce
        kind: ReturnKind = "hard" if bounce.bounce_type == "Permanent" else "soft"
        words = (bounce.bounce_type, bounce.bounce_sub_type)
        found = (bounce.bounced_recipients, bounce.feedback_id, bounce.timestamp)
    elif said == "Complaint" and notice.complaint is not None:
        complaint = notice.complaint
        kind, words = "complaint", (complaint.complaint_feedback_type or "", "")
        found = (complaint.complained_recipients, complaint.feedback_id, complaint.timestamp)
    elif said in {"Bounce", "Complaint"}:
        field = said.lower()
        problem = Problem(f"$.{field}", "missing", f"`{field}` must say what came back.")
        return Reading(problems=(problem,))
    elif said:
        return Reading(ignored=1)
    else:
        message = "`notificationType` or `eventType` must say what this is."
        return Reading(problems=(Problem("$.notificationType", "missing", message),))
    return Reading(
        tuple(
            MailReturn(
                name=return_name("ses", found[1], recipient.email_address),
                kind=kind,
                address=recipient.email_address,
                occurred_at=found[2],
                detail=plain_detail(*words, recipient.status, recipient.diagnostic_code),
                **known,
            )
            for recipient in found[0]
        )
    )


def _below_message(complaint: str) -> str:
    """The same complaint with its path seen from the envelope."""
    what, _, path = complaint.partition(" - at `$")
    return f"{what} - at `$.Message{path or '`'}"

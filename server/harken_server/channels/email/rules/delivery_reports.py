"""Bounces as mail servers send them: RFC 3464 reports, and RFC 5965 complaints.

A whole message is read, as a mail server pipes it: the recipients that failed, their status, and
the return address that it came to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, TypeAlias, cast

from harken_server.channels.email.rules.returns import (
    MailReturn,
    Reading,
    plain_detail,
    plain_message_id,
    return_name,
)
from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import is_email

_Part: TypeAlias = "Message[str, str]"

_CAME_TO = ("delivered-to", "x-original-to", "envelope-to", "to")
MAX_RECIPIENTS = 100


def read_report(raw: bytes) -> Reading:
    """What a piped message says came back; a message that is no report is ignored."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    if not message.keys():
        problem = "The body must be a whole message, headers first (RFC 5322)."
        return Reading(problems=(Problem("$", "wrong_shape", problem),))
    parts: list[_Part] = [*message.walk()]
    found = [
        *_failures(message, _of_type(parts, "message/delivery-status"), parts),
        *_complaints(message, _of_type(parts, "message/feedback-report"), parts),
    ]
    return Reading(tuple(found[:MAX_RECIPIENTS]), 0 if found else 1)


def _failures(
    message: EmailMessage, reports: list[_Part], parts: list[_Part]
) -> Iterable[MailReturn]:
    """Groups of fields, one for the message and one a recipient (RFC 3464 section 2)."""
    for report in reports:
        for group in _inside(report):
            action = _field(group, "action").lower()
            address = _address(_field(group, "final-recipient"))
            if action not in {"failed", "delayed"} or not address:
                continue
            status = _field(group, "status").split(" ")[0]
            is_hard = action == "failed" and not status.startswith("4")
            yield MailReturn(
                name=_name(message, address),
                kind="hard" if is_hard else "soft",
                address=address,
                occurred_at=_sent_at(message),
                message_id=_original_id(parts),
                return_address=next(iter(_came_to(message)), ""),
                detail=plain_detail(status, _field(group, "diagnostic-code")),
            )


def _complaints(
    message: EmailMessage, reports: list[_Part], parts: list[_Part]
) -> Iterable[MailReturn]:
    """Fields of RFC 5965; only complaints matter, not what a filter guessed."""
    for report in reports:
        fields = _fields_of(report)
        address = _bare(fields.get("original-rcpt-to", ""))
        if fields.get("feedback-type", "").lower() == "abuse" and address:
            yield MailReturn(
                name=_name(message, address),
                kind="complaint",
                address=address,
                occurred_at=_sent_at(message),
                message_id=_original_id(parts),
                return_address=_bare(fields.get("original-mail-from", "")),
                detail=plain_detail("abuse", fields.get("user-agent", "")),
            )


def _of_type(parts: Iterable[_Part], content_type: str) -> list[_Part]:
    return [part for part in parts if part.get_content_type() == content_type]


def _inside(part: _Part) -> list[_Part]:
    """The messages, or groups of fields, that a part is made of."""
    payload = cast("Any", part.get_payload())
    inner: list[object] = cast("list[object]", payload) if isinstance(payload, list) else []
    return [cast("_Part", item) for item in inner if isinstance(item, Message)]


def _field(part: _Part, name: str) -> str:
    return " ".join(str(part.get(name, "")).split())


def _fields_of(report: _Part) -> dict[str, str]:
    """`Name: value` lines of a part whose content is not parsed as a message."""
    inner = _inside(report)
    pairs = [(name, str(value)) for part in inner[:1] for name, value in part.items()]
    text = "" if pairs else str((inner or [report])[0].get_payload())
    pairs += [
        (name, value) for name, colon, value in (line.partition(":") for line in text.splitlines())
        if colon
    ]  # fmt: skip
    return {name.strip().lower(): value.strip() for name, value in pairs}


def _address(field: str) -> str:
    """The address of `rfc822; ada@example.com`."""
    _, _, address = field.rpartition(";")
    return _bare(address)


def _bare(address: str) -> str:
    found = address.strip().strip("<>").strip()
    return found if is_email(found) else ""


def _name(message: EmailMessage, address: str) -> str:
    said = str(message.get("message-id", ""))
    if not said:
        said = hashlib.sha256(message.as_bytes(policy=policy.SMTP)).hexdigest()
    return return_name("dsn", plain_message_id(said), address)


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        sent_at = parsedate_to_datetime(str(message.get("date", "")))
    except ValueError:
        return None
    return sent_at.astimezone(UTC) if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)


def _original_id(parts: Iterable[_Part]) -> str:
    """Message-ID of the message that came back, from its copy in the report."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            return next((plain_message_id(str(i.get("message-id", ""))) for i in _inside(part)), "")
        if part.get_content_type() == "text/rfc822-headers":
            return plain_message_id(_fields_of(part).get("message-id", ""))
    return ""


def _came_to(message: EmailMessage) -> list[str]:
    said = [str(value) for name in _CAME_TO for value in message.get_all(name, [])]
    return [address for _, address in getaddresses(said) if address]

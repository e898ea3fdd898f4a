"""Bounces as mail servers send them: RFC 3464 reports, and RFC 5965 complaints.

A whole message is read, as a mail server pipes it: the recipients that failed, their status, and
the return address that it came to.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from harken_server.channels.email.rules import mail_blocks
from harken_server.channels.email.rules.addresses import PREFIX
from harken_server.channels.email.rules.mail_blocks import Block, Fields
from harken_server.channels.email.rules.returns import (
    MailReturn,
    Reading,
    ReturnKind,
    plain_detail,
    plain_message_id,
    return_name,
)
from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import is_email

MAX_RECIPIENTS = 100
"""Of one report; those after them are not looked at."""
_CAME_TO = ("delivered-to", "x-original-to", "envelope-to", "to")
_CARRIED = frozenset({mail_blocks.MESSAGE, mail_blocks.HEADERS_ALONE})
_DATE_CHARS = 100
_AROUND_ADDRESSES = str.maketrans(dict.fromkeys('<>,;:"()', " "))


def read_report(raw: bytes) -> Reading:
    """What a piped message says came back; a message that is no report is ignored."""
    blocks = mail_blocks.blocks_of(raw)
    top = next(blocks, None)
    if top is None or top.place != mail_blocks.TOP:
        problem = "The body must be a whole message, headers first (RFC 5322)."
        return Reading(problems=(Problem("$", "wrong_shape", problem),))
    told: list[tuple[ReturnKind, str, Fields]] = []
    carried: Block | None = None
    for block in blocks:
        if carried is None and block.place in _CARRIED:
            carried = block
        elif len(told) < MAX_RECIPIENTS and (found := _told(block)):
            told.append(found)
    message = _Message(raw, top.fields, carried.fields if carried else {})
    return Reading(tuple(message.returned(*each) for each in told), 0 if told else 1)


def _told(block: Block) -> tuple[ReturnKind, str, Fields] | None:
    """What came back and whose it was, by a group of fields that says so."""
    fields = block.fields
    if block.place == mail_blocks.COMPLAINT:  # only complaints matter, not what a filter guessed
        address = _bare(fields.get("original-rcpt-to", ""))
        is_told = fields.get("feedback-type", "").lower() == "abuse" and address
        return ("complaint", address, fields) if is_told else None
    action = fields.get("action", "").lower()
    address = _bare(fields.get("final-recipient", "").rpartition(";")[2])
    if block.place != mail_blocks.REPORT or action not in {"failed", "delayed"} or not address:
        return None
    is_hard = action == "failed" and not fields.get("status", "").startswith("4")
    return ("hard" if is_hard else "soft"), address, fields


class _Message:
    """What all that a message tells has in common."""

    def __init__(self, raw: bytes, top: Fields, carried: Fields) -> None:
        self._id = plain_message_id(top.get("message-id", "") or hashlib.sha256(raw).hexdigest())
        self._sent_at = _moment(top.get("date", ""))
        self._came_to = _return_address(top)
        self._original_id = plain_message_id(carried.get("message-id", ""))

    def returned(self, kind: ReturnKind, address: str, fields: Fields) -> MailReturn:
        """One of the things that came back."""
        is_complaint = kind == "complaint"
        status = fields.get("status", "").partition(" ")[0]
        words = ("abuse", "user-agent") if is_complaint else (status, "diagnostic-code")
        sender = _bare(fields.get("original-mail-from", ""))
        return MailReturn(
            name=return_name("dsn", self._id, address),
            kind=kind,
            address=address,
            occurred_at=self._sent_at,
            message_id=self._original_id,
            return_address=sender if is_complaint else self._came_to,
            detail=plain_detail(words[0], fields.get(words[1], "")),
        )


def _return_address(top: Fields) -> str:
    """The address that it came to: one of ours if there is any, else the first."""
    texts = (top.get(name, "").translate(_AROUND_ADDRESSES) for name in _CAME_TO)
    found = [word for text in texts for word in text.split() if "@" in word]
    ours = (word for word in found if word.lower().startswith(PREFIX))
    return next(ours, next(iter(found), ""))


def _bare(address: str) -> str:
    found = address.strip().strip("<>").strip()
    return found if is_email(found) else ""


def _moment(date: str) -> datetime | None:
    """When a message was sent; None for a date that cannot be read."""
    try:
        sent_at = parsedate_to_datetime(date[:_DATE_CHARS])
        return sent_at.astimezone(UTC) if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None

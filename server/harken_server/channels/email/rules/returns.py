"""What comes back of a message: bounces, complaints, and wishes to be left in peace."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeAlias

import msgspec

from harken_server.kernel.errors import Problem

ReturnKind: TypeAlias = Literal["hard", "soft", "complaint", "unsubscribe", "confirm"]
"""hard: the mailbox takes no mail, now or ever. soft: not at the moment. complaint: reported as
unwanted. unsubscribe: asked through the provider's own link. confirm: the provider wants its
notices confirmed, by opening the address in `detail`."""

SOFT_LIMIT = 3
"""So many soft bounces within `SOFT_WITHIN` are as good as a hard one."""
SOFT_WITHIN = timedelta(hours=72)
Address: TypeAlias = Annotated[str, msgspec.Meta(min_length=3, max_length=320)]
MAX_EVENTS = 1000
"""In one notice."""
MAX_NAME = 200
MAX_DETAIL = 1000


class MailReturn(msgspec.Struct, kw_only=True, frozen=True):
    """One thing that came back, whoever told of it."""

    name: str
    """The provider and its own id of it: the same for a repeat."""
    kind: ReturnKind
    address: str
    """Of the recipient; empty for `confirm`."""
    occurred_at: datetime | None = None
    message_id: str = ""
    """Message-ID of the message, without angle brackets; empty when it is not said."""
    return_address: str = ""
    """The envelope sender that the message had; empty when it is not said."""
    detail: str = ""


class Reading(msgspec.Struct, frozen=True):
    """What a notice holds: what came back, how much of it does not matter, or what is wrong."""

    returns: tuple[MailReturn, ...] = ()
    ignored: int = 0
    problems: tuple[Problem, ...] = ()


def return_name(*parts: object) -> str:
    """Put a name together; a long one becomes a digest of itself.

    >>> return_name("postmark", 42), len(return_name("ses", "x" * 500))
    ('postmark:42', 68)
    """
    name = ":".join(str(part) for part in parts)
    if len(name) <= MAX_NAME and name.isprintable():
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{parts[0]}:{digest}"


def plain_detail(*parts: str) -> str:
    """Words of a provider or of a mail server on one line, cut to a length that can be kept."""
    said = "; ".join(part for part in parts if part)
    line = "".join(letter if letter.isprintable() else " " for letter in said)
    return " ".join(line.split())[:MAX_DETAIL]


def plain_message_id(text: str) -> str:
    """A Message-ID without spaces and angle brackets.

    >>> plain_message_id(" <a.b@mail.example> ")
    'a.b@mail.example'
    """
    return text.strip().strip("<>").strip()


def is_many(soft_bounces: int) -> bool:
    """Whether so many soft bounces within `SOFT_WITHIN` mean that the mailbox is gone."""
    return soft_bounces >= SOFT_LIMIT

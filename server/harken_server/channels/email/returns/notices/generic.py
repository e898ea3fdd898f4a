"""Events in a plain shape of our own, for any other system."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from harken_server.channels.email.returns.notices.shared import MAX_EVENTS, Address
from harken_server.channels.email.rules.returns import (
    MailReturn,
    Reading,
    ReturnKind,
    plain_detail,
    plain_message_id,
    return_name,
)


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

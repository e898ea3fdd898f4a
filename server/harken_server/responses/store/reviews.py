"""The promise to review a person's answers, committed with the poor answer that calls for it.

The review itself comes right after the commit and keeps the promise. Only where the server died in
between does the worker find it open.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

REVIEW = "responses.review"
"""Kind of the outbox item."""
REVIEW_AFTER = timedelta(seconds=30)
"""Until when whoever stored the answer reviews it: longer than that takes."""


class Reviewed(msgspec.Struct, frozen=True):
    """Payload of a `REVIEW` item."""

    survey_id: UUID
    response_id: UUID


decode_promise = msgspec.json.Decoder(Reviewed).decode
_encode = msgspec.json.Encoder().encode


def encode_promise(survey_id: UUID, response_id: UUID) -> str:
    """The payload as it is stored."""
    return _encode(Reviewed(survey_id, response_id)).decode()


def promise_id(response_id: UUID, sequence: int, now: datetime) -> UUID:
    """The same for the same sequence stored at the same time, and for no other."""
    text = f"{response_id} {sequence} {now.isoformat()}"
    return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16])

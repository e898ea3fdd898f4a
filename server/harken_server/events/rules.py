"""What may be told of an event."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from math import isfinite
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.kernel.errors import Problem
from harken_server.kernel.person_names import PersonName, trim_respondent

MAX_AT_ONCE = 1_000
"""Events told together."""
MAX_PROPERTIES = 20
MAX_TEXT = 200
NAME_PATTERN = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*(?!\n)$"
AHEAD = timedelta(days=1)
"""Clocks differ; what lies further ahead has not happened."""
_encoder = msgspec.json.Encoder(order="deterministic")

EventName: TypeAlias = Annotated[str, msgspec.Meta(max_length=64, pattern=NAME_PATTERN)]
"""Words of lower-case letters joined by dots: `order`, `account.closed`."""
Property: TypeAlias = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] | int | float | bool
Properties: TypeAlias = Annotated[
    dict[Annotated[str, msgspec.Meta(min_length=1, max_length=64)], Property],
    msgspec.Meta(max_length=MAX_PROPERTIES),
]


class ToldEvent(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Something that a person did."""

    id: UUID
    """Made by whoever tells it: told again, it is stored once."""
    respondent: PersonName
    """As triggers and responses name the person."""
    name: EventName
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    """When it happened."""
    value: float | None = None
    """What it came to, such as an order's total; always in the same currency."""
    properties: Properties = {}

    def __post_init__(self) -> None:
        """Blanks around the name are no part of it."""
        trim_respondent(self)


def check_event(event: ToldEvent, now: datetime) -> Iterator[Problem]:
    """Everything wrong with an event beside its shape."""
    if event.at > now + AHEAD:
        yield Problem("$.at", "out_of_range", "$.at lies ahead: events have happened", limit=1)
    if event.at.year < 1970:
        yield Problem("$.at", "out_of_range", "$.at must not lie before 1970", limit=1970)
    texts: Mapping[str, object] = {
        "value": event.value,
        **{f"properties.{name}": value for name, value in event.properties.items()},
    }
    for path, value in texts.items():
        if isinstance(value, float) and not isfinite(value):
            yield Problem(f"$.{path}", "not_finite", f"$.{path} must be a finite number")
        elif isinstance(value, int) and abs(value) >= 2**63:
            yield Problem(f"$.{path}", "out_of_range", f"$.{path} must lie within 64 bits")


def digest_of(event: ToldEvent) -> UUID:
    """What two tellings of the same event have in common."""
    return UUID(bytes=hashlib.sha256(_encoder.encode(event)).digest()[:16])

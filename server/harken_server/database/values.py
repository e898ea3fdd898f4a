"""Convert values between Python and the two databases.

SQLite keeps a UUID as its 16 bytes, a time as whole milliseconds since 1970 and a boolean as 0 or
1; PostgreSQL keeps its own types. The readers accept either form.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias, overload
from uuid import UUID

StoredId: TypeAlias = bytes | UUID
StoredTime: TypeAlias = int | datetime
"""What a row holds before it becomes a record: SQLite's form or PostgreSQL's of a value."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@overload
def to_uuid(value: None) -> None: ...
@overload
def to_uuid(value: bytes | UUID) -> UUID: ...
def to_uuid(value: bytes | UUID | None) -> UUID | None:
    """A plain UUID, whichever database the value came from; None stays None."""
    if value is None or type(value) is UUID:
        return value
    if isinstance(value, UUID):  # the driver's own kind, which is slower
        return UUID(int=value.int)
    return UUID(bytes=value)


@overload
def to_time(value: None) -> None: ...
@overload
def to_time(value: int | datetime) -> datetime: ...
def to_time(value: int | datetime | None) -> datetime | None:
    """An aware time in UTC, whichever database the value came from; None stays None."""
    if value is None:
        return None
    if isinstance(value, int):
        return _EPOCH + value * _MILLISECOND
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def to_bool(value: object) -> bool:
    """A boolean from 0, 1 or a boolean."""
    return bool(value)


def from_time(value: datetime) -> int:
    """An aware time as SQLite keeps it: whole milliseconds since 1970, cut.

    >>> from_time(datetime(1970, 1, 1, 0, 1, 0, 5678, tzinfo=UTC))
    60005
    """
    return (value - _EPOCH) // _MILLISECOND


def sqlite_value(value: Any) -> Any:
    """A parameter as SQLite stores it; text, numbers, bytes and None stay as they are."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, datetime):
        return from_time(value)
    if isinstance(value, date):
        return value.isoformat()
    return value

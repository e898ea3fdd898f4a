"""Convert values between Python and the two databases.

SQLite keeps a UUID as 36 lower-case characters, a time as `YYYY-MM-DDTHH:MM:SS.mmmZ` and a
boolean as 0 or 1; PostgreSQL keeps its own types. The readers accept either form.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, overload
from uuid import UUID


@overload
def to_uuid(value: None) -> None: ...
@overload
def to_uuid(value: str | UUID) -> UUID: ...
def to_uuid(value: str | UUID | None) -> UUID | None:
    """A plain UUID, whichever database the value came from; None stays None."""
    if value is None or type(value) is UUID:
        return value
    return UUID(str(value))


@overload
def to_time(value: None) -> None: ...
@overload
def to_time(value: str | datetime) -> datetime: ...
def to_time(value: str | datetime | None) -> datetime | None:
    """An aware time in UTC, whichever database the value came from; None stays None."""
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(UTC)


def to_bool(value: object) -> bool:
    """A boolean from 0, 1 or a boolean."""
    return bool(value)


def from_time(value: datetime) -> str:
    """The text form of an aware time: UTC, cut to milliseconds, sorting as text.

    >>> from_time(datetime(2026, 3, 1, 12, 0, 0, 5678, tzinfo=UTC))
    '2026-03-01T12:00:00.005Z'
    """
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="milliseconds")[:-6] + "Z"


def sqlite_value(value: Any) -> Any:
    """A parameter as SQLite stores it; text, numbers, bytes and None stay as they are."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return from_time(value)
    if isinstance(value, date):
        return value.isoformat()
    return value

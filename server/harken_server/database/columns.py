"""Columns of our own, and what a table class says of its table beside its columns.

An id is 16 bytes on SQLite and a `uuid` on PostgreSQL; a time is milliseconds since 1970 on SQLite
and a `timestamptz` on PostgreSQL, where it is cut to milliseconds before it is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, cast

import msgspec
from piccolo.columns import UUID, Boolean, Column, Text, Timestamptz

from harken_server.database.values import to_bool, to_time, to_uuid

Names: TypeAlias = tuple[tuple[str, ...], ...]
"""`unique_together`: sets of columns that no two rows share."""
Indexes: TypeAlias = dict[str, str]
"""`index_on` and `unique_index_on`: a name, and the columns with the condition, as SQL has them."""


class Id(UUID):
    """An id: of a row, or of the row that it belongs to."""


class Time(Timestamptz):
    """An aware time, to the millisecond."""


class Json(Text):
    """A value of any shape, as JSON text."""


class Document(Text):
    """A JSON document that the database can look into: text on SQLite, `jsonb` on PostgreSQL."""


class Words(Text):
    """Names without spaces, in one text; empty for none."""


class Encoded(Text):
    """A text that the program has as its bytes: a digest is made of them, so they never change."""


_READ: dict[type[Column], Callable[[Any], Any]] = {
    Id: to_uuid,
    Time: to_time,
    Json: lambda text: None if text is None else msgspec.json.decode(text),
    Boolean: lambda value: None if value is None else to_bool(value),
    Words: str.split,
    Encoded: str.encode,
}
_WRITE: dict[type[Column], Callable[[Any], Any]] = {
    Json: lambda value: None if value is None else msgspec.json.encode(value).decode(),
    Words: " ".join,
    Encoded: bytes.decode,
}


def read_of(column: Column) -> Callable[[Any], Any]:
    """What makes the value of a record from a stored one."""
    return _READ.get(cast("Any", type(column)), lambda value: value)


def write_of(column: Column) -> Callable[[Any], Any] | None:
    """What makes the value to store from one of a record, where they differ."""
    return _WRITE.get(cast("Any", type(column)))

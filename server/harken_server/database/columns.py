"""Columns of our own, and what a table class says of its table beside its columns.

An id is 16 bytes on SQLite and a `uuid` on PostgreSQL; a time is milliseconds since 1970 on SQLite
and a `timestamptz` on PostgreSQL, where it is cut to milliseconds before it is stored.
"""

from __future__ import annotations

from typing import TypeAlias

from piccolo.columns import UUID, Text, Timestamptz

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

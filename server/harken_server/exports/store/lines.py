"""Read responses for a file with one line each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache
from uuid import UUID

from harken_server.database.database import Database, Row
from harken_server.database.values import StoredId, StoredTime, to_time
from harken_server.responses.store.selection import Selection

CHUNK = 1000
"""Rows read at a time: on a busy machine fewer mean that either side waits for the other."""
_COLUMNS = (
    "id", "version", "state", "submitted_at", "started_at", "updated_at", "channel", "touchpoint",
    "locale", "respondent", "is_sample", "context", "is_verified", "answers",
)  # fmt: skip


def stream_lines(db: Database, selection: Selection) -> AsyncIterator[list[Row]]:
    """What lines are made of, in the order of the feed, along an index: nothing is sorted or held.

    Ids and times are as the database has them, `answers` a document (`responses.store.row`).
    """
    columns = ", ".join(f"r.{name}" for name in _COLUMNS)
    sql = f"SELECT {columns} FROM response r WHERE {selection.condition} ORDER BY r.position"  # noqa: S608  # values are parameters
    return db.stream(sql, *selection.params, chunk=CHUNK)


def text_of_id(value: StoredId) -> str:
    """An id as people read it."""
    if isinstance(value, UUID):
        return str(value)
    digits = value.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@lru_cache(maxsize=1024)  # of one response they are often the same
def text_of_time(value: StoredTime | None) -> str | None:
    """A time as RFC 3339 has it, to the millisecond."""
    if value is None:
        return None
    return f"{to_time(value).isoformat(timespec='milliseconds')[:-6]}Z"

"""Read responses for a file with one line each, on both databases in the same form."""

from __future__ import annotations

from collections.abc import AsyncIterator

from harken_server.database.database import Database, Row
from harken_server.responses.store.answers_sql import answers_document
from harken_server.responses.store.selection import Selection

CHUNK = 1000
"""Rows read at a time: on a busy machine fewer mean that either side waits for the other."""
_TIMES = ("submitted_at", "started_at", "completed_at")
_POSTGRES_TIME = """to_char(r.{} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""


_COLUMNS = (
    "id", "version", "state", *_TIMES, "channel", "touchpoint", "locale", "respondent",
    "is_sample", "context", "is_verified", "answers",
)  # fmt: skip


def stream_lines(db: Database, selection: Selection) -> AsyncIterator[list[Row]]:
    """What lines are made of, in the order of the feed, along an index: nothing is sorted or held.

    Times are as RFC 3339 has them, `answers` a document (`responses.store.answers_sql`).
    """
    columns = ", ".join(_column(db, name) for name in _COLUMNS)
    sql = f"SELECT {columns} FROM response r WHERE {selection.condition} ORDER BY r.position"  # noqa: S608  # values are parameters
    return db.stream(sql, *selection.params, chunk=CHUNK)


def _column(db: Database, name: str) -> str:
    if name == "answers":
        return answers_document(db)
    if db.dialect == "postgres" and name in _TIMES:
        return _POSTGRES_TIME.format(name)
    return f"CAST(r.{name} AS text)" if name == "id" else f"r.{name}"

"""Storing responses: what is acknowledged is durable, once, and whole."""

from __future__ import annotations

from harken_server.database.database import Database
from harken_server.database.write_kinds import WriteKind
from harken_server.responses.response import NewResponse, StoreOutcome
from harken_server.responses.store import postgres_sql, sqlite_sql

RESPONSES: WriteKind[NewResponse, StoreOutcome] = WriteKind(
    "responses", on_sqlite=sqlite_sql.store_responses, on_postgres=postgres_sql.store_responses
)


async def store_response(db: Database, new: NewResponse) -> StoreOutcome:
    """Store a response and say what became of it; durable when it returns.

    All that wait become one commit. Raises OverloadedError when too many wait, StorageError when
    the outcome is unknown (a repeat with the same id finds out), ConstraintError when the row fits
    no column.
    """
    return await db.store(RESPONSES, new)

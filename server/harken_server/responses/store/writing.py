"""Storing responses: what is acknowledged is durable, once, and whole."""

from __future__ import annotations

from harken_server.database.write_kinds import WriteKind
from harken_server.responses.response import NewResponse, StoreOutcome
from harken_server.responses.store import postgres_sql, sqlite_sql

RESPONSES: WriteKind[NewResponse, StoreOutcome] = WriteKind(
    "responses", on_sqlite=sqlite_sql.store_responses, on_postgres=postgres_sql.store_responses
)
"""What waits becomes one commit; an outcome is durable when it is told. A repeat with the same
id finds out what became of a response whose outcome is unknown (StorageError)."""

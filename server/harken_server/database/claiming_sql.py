"""Claiming of due work: in SQL by hand, because it looks and changes in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from harken_server.database.database import Database, Row

_CLAIM = """
WITH due AS (
  SELECT id FROM outbox WHERE finished_at IS NULL AND due_at <= $1
    AND (leased_until IS NULL OR leased_until <= $1) {of_kind}
  ORDER BY due_at, id LIMIT $2 {lock}
)
UPDATE outbox SET attempts = attempts + 1, leased_until = $3
WHERE id IN (SELECT id FROM due) RETURNING {columns}
"""
"""The CTE is what keeps LIMIT honest: a locking subquery in IN (...) may run more than once."""


async def claim(  # noqa: PLR0917  # In the order of the statement.
    db: Database, columns: str, now: datetime, limit: int, until: datetime, kind: str | None
) -> list[Row]:
    """Lease up to `limit` items of all workspaces, those that are longest due; their `columns`."""
    statement = _CLAIM.format(
        of_kind="" if kind is None else "AND kind = $4",
        lock="FOR UPDATE SKIP LOCKED" if db.dialect == "postgres" else "",
        columns=columns,
    )
    params: Sequence[Any] = (now, limit, until)
    return await db.execute(statement, *params, *([] if kind is None else [kind]))

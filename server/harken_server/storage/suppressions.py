"""Suppressions: respondents who must not be asked."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from harken_server.core.records import Suppression
from harken_server.storage.database import Database, Transaction
from harken_server.storage.rows import StoredTime
from harken_server.storage.values import to_time

_Row: TypeAlias = tuple[str, str, StoredTime]


async def is_suppressed(db: Database | Transaction, workspace_id: UUID, respondent: str) -> bool:
    """Whether the respondent must not be asked."""
    rows = await db.fetch(
        "SELECT 1 FROM suppression WHERE workspace_id = $1 AND respondent = $2",
        workspace_id,
        respondent,
    )
    return bool(rows)


async def suppress(
    db: Database | Transaction,
    workspace_id: UUID,
    respondent: str,
    *,
    reason: str,
    now: datetime,
    new_id: UUID,
) -> bool:
    """Never ask the respondent again. False when that held before; its reason and time stay."""
    rows = await db.execute(
        "INSERT INTO suppression (id, workspace_id, respondent, reason, created_at)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, respondent) DO NOTHING"
        " RETURNING id",
        new_id,
        workspace_id,
        respondent,
        reason,
        now,
    )
    return bool(rows)


async def unsuppress(db: Database | Transaction, workspace_id: UUID, respondent: str) -> bool:
    """Allow asking again. False when the respondent was not suppressed."""
    rows = await db.execute(
        "DELETE FROM suppression WHERE workspace_id = $1 AND respondent = $2 RETURNING id",
        workspace_id,
        respondent,
    )
    return bool(rows)


async def list_suppressions(
    db: Database, workspace_id: UUID, *, after: str = "", limit: int = 1000
) -> list[Suppression]:
    """A page of suppressions by respondent, in byte order; go on after the last one's name."""
    rows = await db.fetch(
        "SELECT respondent, reason, created_at FROM suppression"
        " WHERE workspace_id = $1 AND respondent > $2 ORDER BY respondent LIMIT $3",
        workspace_id,
        after,
        limit,
    )
    return [_suppression(row) for row in rows]


def _suppression(row: _Row) -> Suppression:
    return Suppression(row[0], row[1], to_time(row[2]))

"""Suppressions: who must not be asked, at all or one survey, by name, address or digest."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from harken_server.database.database import Database, Transaction
from harken_server.database.rows import StoredTime
from harken_server.database.values import to_time
from harken_server.respondents.store.persons import suppression_digest
from harken_server.respondents.suppression import Suppression

_Row: TypeAlias = tuple[str, str, StoredTime]

_IS_SUPPRESSED = """
SELECT 1 FROM suppression WHERE workspace_id = $1 AND respondent = $2
UNION ALL
SELECT 1 FROM suppression_digest WHERE workspace_id = $1 AND digest IN ($3, $4)
UNION ALL
SELECT 1 FROM survey_suppression WHERE workspace_id = $1 AND respondent = $2 AND survey_id = $5
LIMIT 1
"""
_NO_SURVEY = UUID(int=0)


async def is_suppressed(
    db: Database | Transaction,
    workspace_id: UUID,
    respondent: str,
    survey_id: UUID | None = None,
    *,
    address: str | None = None,
) -> bool:
    """Whether the respondent must not be asked: at all, this survey, or at this address."""
    erased = suppression_digest(workspace_id, "respondent", respondent)
    rows = await db.fetch(
        _IS_SUPPRESSED,
        workspace_id,
        respondent,
        erased,
        suppression_digest(workspace_id, "address", address) if address else erased,
        survey_id or _NO_SURVEY,
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


async def unsuppress(
    db: Database | Transaction, workspace_id: UUID, respondent: str, *, reason: str | None = None
) -> bool:
    """Allow asking again, whatever the reason was or only when it was the one given.

    False when the respondent was not suppressed so.
    """
    rows = await db.execute(
        "DELETE FROM suppression WHERE workspace_id = $1 AND respondent = $2"
        " AND reason = COALESCE($3, reason) RETURNING id",
        workspace_id,
        respondent,
        reason,
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


async def get_suppression(
    db: Database | Transaction, workspace_id: UUID, respondent: str
) -> Suppression | None:
    """Why the respondent is not asked any survey; None when nothing speaks against it."""
    rows = await db.fetch(
        "SELECT respondent, reason, created_at FROM suppression"
        " WHERE workspace_id = $1 AND respondent = $2",
        workspace_id,
        respondent,
    )
    return _suppression(rows[0]) if rows else None


async def suppress_survey(
    db: Database | Transaction, workspace_id: UUID, respondent: str, survey_id: UUID, now: datetime
) -> bool:
    """Never ask the respondent this survey again. False when that held before."""
    rows = await db.execute(
        "INSERT INTO survey_suppression (workspace_id, respondent, survey_id, created_at)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING respondent",
        workspace_id,
        respondent,
        survey_id,
        now,
    )
    return bool(rows)


async def unsuppress_survey(
    db: Database | Transaction, workspace_id: UUID, respondent: str, survey_id: UUID
) -> bool:
    """Allow asking this survey again. False when nothing stood against it."""
    rows = await db.execute(
        "DELETE FROM survey_suppression WHERE workspace_id = $1 AND respondent = $2"
        " AND survey_id = $3 RETURNING respondent",
        workspace_id,
        respondent,
        survey_id,
    )
    return bool(rows)


async def is_survey_suppressed(
    db: Database | Transaction, workspace_id: UUID, respondent: str, survey_id: UUID
) -> bool:
    """Whether the respondent does not want this very survey."""
    rows = await db.fetch(
        "SELECT 1 FROM survey_suppression"
        " WHERE workspace_id = $1 AND respondent = $2 AND survey_id = $3",
        workspace_id,
        respondent,
        survey_id,
    )
    return bool(rows)


async def suppress_address(
    db: Database | Transaction, workspace_id: UUID, address: str, *, reason: str, now: datetime
) -> bool:
    """Never send to an address again. False when that held before. Only a digest is kept."""
    return await _keep_digest(
        db, workspace_id, suppression_digest(workspace_id, "address", address), reason, now
    )


async def unsuppress_address(
    db: Database | Transaction, workspace_id: UUID, address: str, *, reason: str | None = None
) -> bool:
    """Allow sending to an address again, as `unsuppress` does. False when nothing stood against."""
    rows = await db.execute(
        "DELETE FROM suppression_digest WHERE workspace_id = $1 AND digest = $2"
        " AND reason = COALESCE($3, reason) RETURNING digest",
        workspace_id,
        suppression_digest(workspace_id, "address", address),
        reason,
    )
    return bool(rows)


async def _keep_digest(
    db: Database | Transaction, workspace_id: UUID, digest: str, reason: str, now: datetime
) -> bool:
    rows = await db.execute(
        "INSERT INTO suppression_digest (workspace_id, digest, reason, created_at)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING digest",
        workspace_id,
        digest,
        reason,
        now,
    )
    return bool(rows)


def _suppression(row: _Row) -> Suppression:
    return Suppression(row[0], row[1], to_time(row[2]))

"""Escalations: respondents whose answers were poor, for a person to call; one open at a time."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid

_Row: TypeAlias = tuple[StoredId, str, str, StoredTime, StoredTime | None]

_SELECT = (
    "SELECT id, respondent, detail, opened_at, closed_at FROM escalation WHERE workspace_id = $1"
)


class EscalationDetail(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What led to it."""

    poor_answers: int
    within_days: float
    touchpoint: str = ""
    survey: str | None = None


class EscalationRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A respondent with several poor answers."""

    id: UUID
    respondent: str
    detail: EscalationDetail
    opened_at: datetime
    closed_at: datetime | None = None


async def open_escalation(
    tx: Database | Transaction,
    workspace_id: UUID,
    respondent: str,
    detail: EscalationDetail,
    *,
    now: datetime,
    new_id: UUID,
) -> bool:
    """Open one for the respondent. False, with nothing changed, when one is open already."""
    rows = await tx.execute(
        "INSERT INTO escalation (id, workspace_id, respondent, detail, opened_at)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id",
        new_id,
        workspace_id,
        respondent,
        msgspec.json.encode(detail).decode(),
        now,
    )
    return bool(rows)


async def last_closed_at(
    db: Database | Transaction, workspace_id: UUID, respondent: str
) -> datetime | None:
    """When the respondent's last escalation was closed: poor answers before it are dealt with."""
    rows = await db.fetch(
        "SELECT max(closed_at) FROM escalation WHERE workspace_id = $1 AND respondent = $2",
        workspace_id,
        respondent,
    )
    closed_at: StoredTime | None = rows[0][0]
    return to_time(closed_at)


async def list_escalations(
    db: Database,
    workspace_id: UUID,
    *,
    is_open: bool | None,
    before: UUID | None,
    limit: int,
) -> list[EscalationRecord]:
    """Escalations, newest first; go on before the last one's id. None for `is_open` is both."""
    sql = _SELECT
    params: list[object] = [workspace_id, limit]
    if is_open is not None:
        sql += f" AND closed_at IS {'NULL' if is_open else 'NOT NULL'}"
    if before is not None:
        params.append(before)
        sql += " AND id < $3"
    rows = await db.fetch(sql + " ORDER BY id DESC LIMIT $2", *params)
    return [_escalation(row) for row in rows]


async def close_escalation(
    db: Database,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
    now: datetime,
) -> EscalationRecord | None:
    """Close it, once: a later time changes nothing. None when there is no such escalation."""
    await db.execute(
        "UPDATE escalation SET closed_at = $3"
        " WHERE workspace_id = $1 AND id = $2 AND closed_at IS NULL",
        workspace_id,
        id,
        now,
    )
    rows = await db.fetch(_SELECT + " AND id = $2", workspace_id, id)
    return _escalation(rows[0]) if rows else None


def _escalation(row: _Row) -> EscalationRecord:
    return EscalationRecord(
        id=to_uuid(row[0]),
        respondent=row[1],
        detail=msgspec.json.decode(row[2], type=EscalationDetail),
        opened_at=to_time(row[3]),
        closed_at=to_time(row[4]),
    )

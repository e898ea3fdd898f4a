"""Visits to the links of a message: evidence, bounded for each invitation."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from harken_server.channels.email.rules.visits import LinkVisit, VisitKind
from harken_server.database.database import Database, Transaction
from harken_server.database.rows import StoredTime
from harken_server.database.values import to_time

MAX_KEPT_VISITS = 200
"""Of one invitation; the oldest make room for new ones, so that nobody can fill the disk."""

_Row: TypeAlias = tuple[VisitKind, str, StoredTime]

_ADD = """
INSERT INTO link_visit (id, workspace_id, invitation_id, kind, value, visited_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
_FORGET = """
DELETE FROM link_visit WHERE workspace_id = $1 AND invitation_id = $2 AND id IN (
  SELECT id FROM link_visit WHERE workspace_id = $1 AND invitation_id = $2
  ORDER BY visited_at DESC, id DESC LIMIT -1 OFFSET $3
)
"""


async def add_visit(
    db: Database,
    workspace_id: UUID,
    invitation_id: UUID,
    visit: LinkVisit,
    *,
    new_id: UUID,
    tx: Transaction | None = None,
) -> None:
    """Write a visit down, in the caller's transaction if there is one."""
    writer = db if tx is None else tx
    kept = await db.fetch(
        "SELECT COUNT(*) FROM link_visit WHERE workspace_id = $1 AND invitation_id = $2",
        workspace_id,
        invitation_id,
    )
    if kept[0][0] >= MAX_KEPT_VISITS:
        forget = _FORGET.replace("LIMIT -1 ", "") if db.dialect == "postgres" else _FORGET
        await writer.execute(forget, workspace_id, invitation_id, MAX_KEPT_VISITS - 1)
    await writer.execute(
        _ADD, new_id, workspace_id, invitation_id, visit.kind, visit.value, visit.visited_at
    )


async def list_visits(db: Database, workspace_id: UUID, invitation_id: UUID) -> list[LinkVisit]:
    """The latest visits, in their order in time."""
    rows: list[_Row] = await db.fetch(
        "SELECT kind, value, visited_at FROM link_visit"
        " WHERE workspace_id = $1 AND invitation_id = $2 ORDER BY visited_at, id",
        workspace_id,
        invitation_id,
    )
    return [LinkVisit(kind=row[0], value=row[1], visited_at=to_time(row[2])) for row in rows]


async def list_promises(db: Database, workspace_id: UUID, invitation_id: UUID) -> list[str]:
    """Payloads of the outbox items that settle an invitation's visits, the latest first.

    Such an item has the id of the visit that it is about.
    """
    rows = await db.fetch(
        "SELECT o.payload FROM link_visit v"
        " JOIN outbox o ON o.id = v.id AND o.workspace_id = v.workspace_id"
        " WHERE v.workspace_id = $1 AND v.invitation_id = $2 AND v.kind IN ('confirm', 'seen')"
        " ORDER BY v.visited_at DESC, v.id DESC",
        workspace_id,
        invitation_id,
    )
    return [row[0] for row in rows]


async def list_hand_overs(db: Database, workspace_id: UUID, invitation_id: UUID) -> list[datetime]:
    """When messages about an invitation were given to the mail server."""
    rows = await db.fetch(
        "SELECT handed_over_at FROM delivery WHERE workspace_id = $1 AND invitation_id = $2"
        " AND channel = 'email' AND handed_over_at IS NOT NULL",
        workspace_id,
        invitation_id,
    )
    return [to_time(row[0]) for row in rows]

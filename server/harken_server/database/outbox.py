"""The outbox: work promised in the transaction that caused it, claimed by workers on a lease.

At least once: a worker that dies lets its lease run out, and another one claims the item again.
These queries serve the worker of all workspaces; whatever belongs to one names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid

_Row: TypeAlias = tuple[StoredId, StoredId, str, str, int, StoredTime, StoredTime, str | None]

_DUE = "finished_at IS NULL AND due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)"
_CLAIM = f"""
WITH due AS (
    SELECT id FROM outbox WHERE {_DUE} /* kind */
    ORDER BY due_at, id LIMIT $2 /* lock */
)
UPDATE outbox SET attempts = attempts + 1, leased_until = $3
WHERE id IN (SELECT id FROM due)
RETURNING id, workspace_id, kind, payload, attempts, created_at, due_at, last_error
"""  # noqa: S608  # our own words
"""The CTE is what keeps LIMIT honest: a locking subquery in IN (...) may run more than once."""


class OutboxItem(msgspec.Struct, kw_only=True, frozen=True):
    """Work promised in the transaction that caused it, as claimed by a worker."""

    id: UUID
    workspace_id: UUID
    kind: str
    payload: str
    """JSON."""
    attempts: int
    """How often it was claimed, this time included."""
    created_at: datetime
    due_at: datetime
    last_error: str | None = None


async def enqueue(
    tx: Transaction,
    workspace_id: UUID,
    *,
    id: UUID,  # noqa: A002  # The record's own word.
    kind: str,
    payload: str,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Promise work in the caller's transaction: it is due (at once by default) if that commits.

    Doing so twice with one id is one promise. `payload` is JSON.
    """
    await tx.execute(
        "INSERT INTO outbox (id, workspace_id, kind, payload, created_at, due_at, attempts)"
        " VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (id) DO NOTHING",
        id,
        workspace_id,
        kind,
        payload,
        now,
        due_at or now,
    )


async def is_due(db: Database, now: datetime, kind: str) -> bool:
    """Whether a claim of this kind would find something; a read, so that idle workers only read."""
    rows = await db.fetch(f"SELECT 1 FROM outbox WHERE {_DUE} AND kind = $2 LIMIT 1", now, kind)  # noqa: S608
    return bool(rows)


async def claim_due(
    db: Database, now: datetime, limit: int, lease_s: float, *, kind: str | None = None
) -> list[OutboxItem]:
    """Take up to `limit` due items (of one kind, or of any) for `lease_s` seconds, longest due
    first.

    No two claimers get the same item while its lease runs. Claiming counts as an attempt.
    """
    claim = _CLAIM if kind is None else _CLAIM.replace("/* kind */", "AND kind = $4")
    if db.dialect == "postgres":
        claim = claim.replace("/* lock */", "FOR UPDATE SKIP LOCKED")
    params: Sequence[Any] = (now, limit, now + timedelta(seconds=lease_s))
    rows = await db.execute(claim, *params, *([] if kind is None else [kind]))
    return sorted((_item(row) for row in rows), key=lambda item: (item.due_at, item.id))


async def renew(db: Database, item: OutboxItem, now: datetime, lease_s: float) -> bool:
    """Keep the item for `lease_s` more seconds. False when another claimer has it, or it ended."""
    rows = await db.execute(
        "UPDATE outbox SET leased_until = $4"
        " WHERE workspace_id = $1 AND id = $2 AND attempts = $3 AND finished_at IS NULL"
        " AND leased_until IS NOT NULL RETURNING id",
        item.workspace_id,
        item.id,
        item.attempts,
        now + timedelta(seconds=lease_s),
    )
    return bool(rows)


async def is_ours(tx: Transaction, item: OutboxItem) -> bool:
    """Whether nobody else has claimed the item since; nobody can before the transaction ends."""
    rows = await tx.execute(
        "UPDATE outbox SET attempts = attempts WHERE workspace_id = $1 AND id = $2"
        " AND attempts = $3 AND finished_at IS NULL RETURNING id",
        item.workspace_id,
        item.id,
        item.attempts,
    )
    return bool(rows)


async def finish(db: Database | Transaction, item: OutboxItem, now: datetime) -> bool:
    """Mark an item as done. False when it was finished before."""
    rows = await db.execute(
        "UPDATE outbox SET finished_at = $3, leased_until = NULL, last_error = NULL"
        " WHERE workspace_id = $1 AND id = $2 AND finished_at IS NULL RETURNING id",
        item.workspace_id,
        item.id,
        now,
    )
    return bool(rows)


async def fail(
    db: Database, item: OutboxItem, now: datetime, *, error: str, due_at: datetime | None
) -> bool:
    """Give an item back with its error, to be tried again at `due_at`, or for None never.

    False, with nothing changed, when the lease ran out and another claimer has the item.
    """
    rows = await db.execute(
        "UPDATE outbox SET leased_until = NULL, last_error = $4, due_at = $5, finished_at = $6"
        " WHERE workspace_id = $1 AND id = $2 AND attempts = $3 AND finished_at IS NULL"
        " RETURNING id",
        item.workspace_id,
        item.id,
        item.attempts,
        error,
        due_at or item.due_at,
        now if due_at is None else None,
    )
    return bool(rows)


async def requeue(tx: Database | Transaction, workspace_id: UUID, id: UUID, now: datetime) -> bool:  # noqa: A002
    """Make finished work due again at once. False when it is not finished, or not there."""
    rows = await tx.execute(
        "UPDATE outbox SET finished_at = NULL, leased_until = NULL, last_error = NULL, due_at = $3"
        " WHERE workspace_id = $1 AND id = $2 AND finished_at IS NOT NULL RETURNING id",
        workspace_id,
        id,
        now,
    )
    return bool(rows)


def _item(row: _Row) -> OutboxItem:
    return OutboxItem(
        id=to_uuid(row[0]),
        workspace_id=to_uuid(row[1]),
        kind=row[2],
        payload=row[3],
        attempts=row[4],
        created_at=to_time(row[5]),
        due_at=to_time(row[6]),
        last_error=row[7],
    )

"""The outbox: work promised in the transaction that caused it, claimed by workers on a lease.

At least once: a worker that dies lets its lease run out, and another one claims the item again.
`is_due` and `claim_due` serve the worker of all workspaces; whatever belongs to one names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor, Row, Transaction
from harken_server.database.records import Records
from harken_server.database.tables import Outbox as T

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


_ITEMS = Records(T, OutboxItem)
_OPEN = T.finished_at.is_null()


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
    values = {
        T.id: id,
        T.kind: kind,
        T.payload: payload,
        T.created_at: now,
        T.due_at: due_at or now,
        T.attempts: 0,
    }
    await _ITEMS.of(workspace_id).add(tx, values)


async def is_due(db: Database, now: datetime, kind: str) -> bool:
    """Whether a claim of this kind would find something; a read, so that idle workers only read."""
    is_free = T.leased_until.is_null() | (T.leased_until <= now)
    due = (_OPEN, T.kind == kind, T.due_at <= now, is_free)
    return await _ITEMS.anywhere().first(db, *due) is not None


async def claim_due(
    db: Database, now: datetime, limit: int, lease_s: float, *, kind: str | None = None
) -> list[OutboxItem]:
    """Take up to `limit` due items (of one kind, or of any) for `lease_s` seconds, longest due
    first.

    No two claimers get the same item while its lease runs. Claiming counts as an attempt.
    """
    until = now + timedelta(seconds=lease_s)
    rows = await claim(db, _ITEMS.names("outbox"), now, limit, until, kind)
    return sorted(map(_ITEMS.read, rows), key=lambda item: (item.due_at, item.id))


async def renew(db: Database, item: OutboxItem, now: datetime, lease_s: float) -> bool:
    """Keep the item for `lease_s` more seconds. False when another claimer has it, or it ended."""
    until = now + timedelta(seconds=lease_s)
    is_held = (T.id == item.id, T.attempts == item.attempts, _OPEN, T.leased_until.is_not_null())
    return bool(await _ITEMS.of(item.workspace_id).change(db, {T.leased_until: until}, *is_held))


async def is_ours(tx: Transaction, item: OutboxItem) -> bool:
    """Whether nobody else has claimed the item since; nobody can before the transaction ends."""
    is_it = (T.id == item.id, T.attempts == item.attempts, _OPEN)
    return bool(await _ITEMS.of(item.workspace_id).change(tx, {T.attempts: T.attempts}, *is_it))


async def finish(db: Executor, item: OutboxItem, now: datetime) -> bool:
    """Mark an item as done. False when it was finished before."""
    return await finish_promised(db, item.workspace_id, item.id, now)


async def finish_promised(
    db: Executor,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
    now: datetime,
) -> bool:
    """The same by its id, for whoever promised it and does it before any worker."""
    values = {T.finished_at: now, T.leased_until: None, T.last_error: None}
    return bool(await _ITEMS.of(workspace_id).change(db, values, T.id == id, _OPEN))


async def forget(db: Executor, item: OutboxItem) -> None:
    """Take away an item that is done, and with it when that was."""
    await _ITEMS.of(item.workspace_id).remove(db, T.id == item.id, _OPEN)


async def fail(
    db: Database, item: OutboxItem, now: datetime, *, error: str, due_at: datetime | None
) -> bool:
    """Give an item back with its error, to be tried again at `due_at`, or for None never.

    False, with nothing changed, when the lease ran out and another claimer has the item.
    """
    values = {
        T.leased_until: None,
        T.last_error: error,
        T.due_at: due_at or item.due_at,
        T.finished_at: now if due_at is None else None,
    }
    is_it = (T.id == item.id, T.attempts == item.attempts, _OPEN)
    return bool(await _ITEMS.of(item.workspace_id).change(db, values, *is_it))


async def requeue(tx: Executor, workspace_id: UUID, id: UUID, now: datetime) -> bool:  # noqa: A002
    """Make finished work due again at once. False when it is not finished, or not there."""
    values = {T.finished_at: None, T.leased_until: None, T.last_error: None, T.due_at: now}
    is_over = (T.id == id, T.finished_at.is_not_null())
    return bool(await _ITEMS.of(workspace_id).change(tx, values, *is_over))


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

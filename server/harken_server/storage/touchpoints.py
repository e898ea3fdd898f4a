"""Touchpoints: which survey each one asks, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from harken_server.core.records import Touchpoint
from harken_server.storage.database import Database, Transaction
from harken_server.storage.joining import join_transaction

_Row: TypeAlias = tuple[str, str | None, float, int, int]

_SELECT = (
    "SELECT key, survey, sample_rate, cooldown_days, link_ttl_days FROM touchpoint"
    " WHERE workspace_id = $1"
)
_INSERT = (
    "INSERT INTO touchpoint (id, workspace_id, key, survey, sample_rate, cooldown_days,"
    " link_ttl_days, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    " ON CONFLICT (workspace_id, key) DO UPDATE SET"
)


async def get_touchpoint(db: Database, workspace_id: UUID, key: str) -> Touchpoint | None:
    """The touchpoint with this key."""
    rows = await db.fetch(_SELECT + " AND key = $2", workspace_id, key)
    return _touchpoint(rows[0]) if rows else None


async def list_touchpoints(db: Database, workspace_id: UUID) -> list[Touchpoint]:
    """All touchpoints, by key."""
    rows = await db.fetch(_SELECT + " ORDER BY key", workspace_id)
    return [_touchpoint(row) for row in rows]


async def put_touchpoint(
    db: Database, workspace_id: UUID, touchpoint: Touchpoint, now: datetime, new_id: UUID
) -> None:
    """Make the touchpoint, or replace all its settings; `new_id` is used only for a new one."""
    await db.execute(
        _INSERT + " survey = excluded.survey, sample_rate = excluded.sample_rate,"
        " cooldown_days = excluded.cooldown_days, link_ttl_days = excluded.link_ttl_days,"
        " updated_at = excluded.updated_at",
        *_values(workspace_id, touchpoint, now, new_id),
    )


async def assign_touchpoints(  # noqa: PLR0917  # In the order of put_touchpoint.
    db: Database | Transaction,
    workspace_id: UUID,
    survey_key: str,
    keys: Sequence[str],
    now: datetime,
    new_ids: Sequence[UUID],
) -> None:
    """Let these touchpoints ask the survey, all or none; missing ones are made with defaults.

    Other settings stay, and so does a touchpoint of the survey that `keys` does not name. Give as
    many `new_ids` as `keys`. Rows are written in key order, so that two callers cannot deadlock.
    """
    async with join_transaction(db) as tx:
        for key, new_id in sorted(zip(keys, new_ids, strict=True)):
            touchpoint = Touchpoint(key=key, survey=survey_key)
            await tx.execute(
                _INSERT + " survey = excluded.survey, updated_at = excluded.updated_at",
                *_values(workspace_id, touchpoint, now, new_id),
            )


def _values(
    workspace_id: UUID, touchpoint: Touchpoint, now: datetime, new_id: UUID
) -> tuple[object, ...]:
    return (
        new_id,
        workspace_id,
        touchpoint.key,
        touchpoint.survey,
        touchpoint.sample_rate,
        touchpoint.cooldown_days,
        touchpoint.link_ttl_days,
        now,
    )


def _touchpoint(row: _Row) -> Touchpoint:
    return Touchpoint(
        key=row[0],
        survey=row[1],
        sample_rate=row[2],
        cooldown_days=row[3],
        link_ttl_days=row[4],
    )

"""Touchpoints: which survey each one asks, how often, and where on a journey it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.shared_transaction import join_transaction
from harken_server.kernel.canonical import canonical_json
from harken_server.surveys.asking import TouchpointAsking
from harken_server.surveys.touchpoint import Touchpoint

_Row: TypeAlias = tuple[
    str,
    str | None,
    float,
    int,
    int,
    str,
    str | None,
    str | None,
    int,
    float,
    str,
    str,
    str,
]

_SELECT = (
    "SELECT key, survey, sample_rate, cooldown_days, link_ttl_days, title, journey, stage, place,"
    " weight, owner, question, asking FROM touchpoint WHERE workspace_id = $1"
)
_INSERT = (
    "INSERT INTO touchpoint (id, workspace_id, key, survey, sample_rate, cooldown_days,"
    " link_ttl_days, title, journey, stage, place, weight, owner, question, asking, updated_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    " ON CONFLICT (workspace_id, key) DO UPDATE SET updated_at = excluded.updated_at"
)
_SETTINGS = "".join(
    f", {name} = excluded.{name}"
    for name in (
        "survey", "sample_rate", "cooldown_days", "link_ttl_days", "title", "weight", "owner",
        "question", "asking",
    )
)  # fmt: skip
_MEMBERSHIP = ", journey = excluded.journey, stage = excluded.stage, place = excluded.place"


async def get_touchpoint(
    db: Database | Transaction, workspace_id: UUID, key: str
) -> Touchpoint | None:
    """The touchpoint with this key."""
    rows = await db.fetch(_SELECT + " AND key = $2", workspace_id, key)
    return _touchpoint(rows[0]) if rows else None


async def list_touchpoints(db: Database | Transaction, workspace_id: UUID) -> list[Touchpoint]:
    """All touchpoints, by key."""
    rows = await db.fetch(_SELECT + " ORDER BY key", workspace_id)
    return [_touchpoint(row) for row in rows]


async def put_touchpoint(
    db: Database | Transaction,
    workspace_id: UUID,
    touchpoint: Touchpoint,
    now: datetime,
    new_id: UUID,
) -> None:
    """Make the touchpoint, or replace all its settings; `new_id` is used only for a new one.

    Where an existing one is on a journey stays: that is for `place_touchpoints`.
    """
    await db.execute(_INSERT + _SETTINGS, *_values(workspace_id, touchpoint, now, new_id))


async def place_touchpoints(
    tx: Transaction,
    workspace_id: UUID,
    touchpoints: Sequence[Touchpoint],
    now: datetime,
    new_ids: Sequence[UUID],
) -> None:
    """Make or replace touchpoints, their journey, stage and place included.

    Give as many `new_ids` as touchpoints. Rows are written in key order, so that two callers
    cannot deadlock.
    """
    pairs = zip(touchpoints, new_ids, strict=True)
    for touchpoint, new_id in sorted(pairs, key=lambda pair: pair[0].key):
        values = _values(workspace_id, touchpoint, now, new_id)
        await tx.execute(_INSERT + _SETTINGS + _MEMBERSHIP, *values)


async def release_touchpoints(
    tx: Transaction, workspace_id: UUID, journey: str, keys: Sequence[str], now: datetime
) -> None:
    """Take touchpoints off a journey; they go on asking, and those of other journeys stay."""
    for key in sorted(keys):
        await tx.execute(
            "UPDATE touchpoint SET journey = NULL, stage = NULL, place = 0, updated_at = $4"
            " WHERE workspace_id = $1 AND key = $2 AND journey = $3",
            workspace_id,
            key,
            journey,
            now,
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
                _INSERT + ", survey = excluded.survey",
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
        touchpoint.title,
        touchpoint.journey,
        touchpoint.stage,
        touchpoint.place,
        touchpoint.weight,
        touchpoint.owner,
        touchpoint.question,
        canonical_json(touchpoint.asking).decode(),
        now,
    )


def _touchpoint(row: _Row) -> Touchpoint:
    return Touchpoint(
        key=row[0],
        survey=row[1],
        sample_rate=row[2],
        cooldown_days=row[3],
        link_ttl_days=row[4],
        title=row[5],
        journey=row[6],
        stage=row[7],
        place=row[8],
        weight=row[9],
        owner=row[10],
        question=row[11],
        asking=msgspec.json.decode(row[12], type=TouchpointAsking),
    )

"""Workspaces: made once, found by id or by slug."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid
from harken_server.kernel.errors import ConflictError
from harken_server.workspaces.workspace import Dimension, Workspace

DEFAULT_SLUG = "default"

_Row: TypeAlias = tuple[StoredId, str, str, StoredTime, str | None]

_SELECT = (
    "SELECT id, slug, name, created_at, declared"
    " FROM workspace LEFT JOIN dimensions ON dimensions.workspace_id = workspace.id"
)
_decode = msgspec.json.Decoder(tuple[Dimension, ...]).decode


async def ensure_default_workspace(db: Database, now: datetime, new_id: UUID) -> Workspace:
    """The oldest workspace, made under `new_id` when there is none; safe to race."""
    existing = await first_workspace(db)
    if existing is not None:
        return existing
    await db.execute(
        "INSERT INTO workspace (id, slug, name, created_at, asking) VALUES ($1, $2, $3, $4, '{}')"
        " ON CONFLICT DO NOTHING",
        new_id,
        DEFAULT_SLUG,
        "Default",
        now,
    )
    row = await db.fetch(_SELECT + " WHERE slug = $1", DEFAULT_SLUG)
    return _workspace(row[0])


async def add_workspace(
    db: Database, new_id: UUID, slug: str, name: str, now: datetime
) -> Workspace:
    """A further workspace; ConflictError (`workspace_exists`) when the slug is taken."""
    rows = await db.execute(
        "INSERT INTO workspace (id, slug, name, created_at, asking) VALUES ($1, $2, $3, $4, '{}')"
        " ON CONFLICT DO NOTHING RETURNING id",
        new_id,
        slug,
        name,
        now,
    )
    if not rows:
        raise ConflictError(f"A workspace {slug!r} exists.", code="workspace_exists")
    return Workspace(id=new_id, slug=slug, name=name, created_at=now)


async def get_workspace(db: Database, workspace_id: UUID) -> Workspace | None:
    """The workspace with this id."""
    rows = await db.fetch(_SELECT + " WHERE id = $1", workspace_id)
    return _workspace(rows[0]) if rows else None


async def find_workspace(db: Database, slug: str) -> Workspace | None:
    """The workspace with this slug, as public addresses name it."""
    rows = await db.fetch(_SELECT + " WHERE slug = $1", slug)
    return _workspace(rows[0]) if rows else None


async def first_workspace(db: Database) -> Workspace | None:
    """The oldest workspace: the one that an address without a workspace means."""
    rows = await db.fetch(_SELECT + " ORDER BY created_at, slug LIMIT 1")
    return _workspace(rows[0]) if rows else None


async def list_workspaces(db: Database) -> list[Workspace]:
    """All workspaces, the first one first: for work that goes through every one of them."""
    rows = await db.fetch(_SELECT + " ORDER BY created_at, id")
    return [_workspace(row) for row in rows]


def _workspace(row: _Row) -> Workspace:
    return Workspace(
        id=to_uuid(row[0]),
        slug=row[1],
        name=row[2],
        created_at=to_time(row[3]),
        dimensions=() if row[4] is None else _decode(row[4]),
    )

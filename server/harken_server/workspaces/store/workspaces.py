"""Workspaces: made once, found by id or by slug."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor
from harken_server.database.records import Records
from harken_server.kernel.errors import ConflictError
from harken_server.workspaces.tables import Workspace as T
from harken_server.workspaces.workspace import Workspace

DEFAULT_SLUG = "default"


class _Id(msgspec.Struct, frozen=True):
    id: UUID


_RECORDS = Records(T, Workspace)
_IDS = Records(T, _Id).anywhere()
_WORKSPACES = _RECORDS.anywhere()


async def ensure_default_workspace(db: Database, now: datetime, new_id: UUID) -> Workspace:
    """The oldest workspace, made under `new_id` when there is none; safe to race."""
    existing = await first_workspace(db)
    if existing is not None:
        return existing
    made = Workspace(id=new_id, slug=DEFAULT_SLUG, name="", created_at=now)
    return made if await _add(db, made) else await find_workspace(db, DEFAULT_SLUG) or made


async def add_workspace(
    db: Executor, new_id: UUID, slug: str, name: str, now: datetime
) -> Workspace:
    """A further workspace; ConflictError (`workspace_exists`) when the slug is taken."""
    made = Workspace(id=new_id, slug=slug, name=name, created_at=now)
    if not await _add(db, made):
        raise ConflictError(f"A workspace {slug!r} exists.", code="workspace_exists")
    return made


async def get_workspace(db: Executor, workspace_id: UUID) -> Workspace | None:
    """The workspace with this id."""
    return await _WORKSPACES.first(db, T.id == workspace_id)


async def find_workspace(db: Database, slug: str) -> Workspace | None:
    """The workspace with this slug, as public addresses name it."""
    return await _WORKSPACES.first(db, T.slug == slug)


async def first_workspace(db: Database) -> Workspace | None:
    """The oldest workspace: the one that an address without a workspace means."""
    return await _WORKSPACES.first(db, order_by=(T.created_at, T.slug))


async def declared_channels(db: Executor, workspace_id: UUID) -> tuple[str, ...]:
    """Names of the workspace's own channels."""
    found = await get_workspace(db, workspace_id)
    return found.channels if found else ()


async def declare_channels(db: Database, workspace_id: UUID, names: Sequence[str]) -> bool:
    """Replace the names of the workspace's own channels. False when there is no such workspace."""
    return bool(await _WORKSPACES.change(db, {T.channels: names}, T.id == workspace_id))


async def rename_workspace(db: Executor, workspace_id: UUID, name: str) -> bool:
    """What the workspace is called. False when there is no such workspace."""
    return bool(await _WORKSPACES.change(db, {T.name: name}, T.id == workspace_id))


async def set_timezone(db: Executor, workspace_id: UUID, timezone: str) -> bool:
    """By which days are counted from now on. False when there is no such workspace."""
    return bool(await _WORKSPACES.change(db, {T.timezone: timezone}, T.id == workspace_id))


async def list_workspaces(db: Database) -> list[Workspace]:
    """All workspaces, the first one first: for work that goes through every one of them."""
    return await _WORKSPACES.all(db, order_by=(T.created_at, T.id))


async def workspace_ids(db: Executor) -> list[UUID]:
    """The ids of all workspaces, the first one first."""
    return [one.id for one in await _IDS.all(db, order_by=(T.created_at, T.id))]


async def _add(db: Executor, made: Workspace) -> bool:
    return await _WORKSPACES.add(db, {**_RECORDS.values_of(made), T.asking: {}})

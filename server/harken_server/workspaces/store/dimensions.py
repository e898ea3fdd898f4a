"""What workspaces count by besides, and how far that reaches into responses stored before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor, Transaction
from harken_server.database.outbox import enqueue
from harken_server.database.records import Records, Values
from harken_server.workspaces import tables
from harken_server.workspaces.tables import Dimensions as T
from harken_server.workspaces.workspace import Dimension, Workspace

FILL = "dimensions.fill"
"""The kind of outbox item that brings stored responses to what is declared."""


class Declaration(msgspec.Struct, kw_only=True, frozen=True):
    """What a workspace declares, and the filling of stored responses with it."""

    declared: tuple[Dimension, ...] = ()
    declared_at: datetime | None = None
    filling: tuple[str, ...] = ()
    """Names that stored responses do not have yet, or, of those taken away, still have."""
    task: UUID | None = None
    """The outbox item that fills them; None when all is done."""
    reached: dict[str, tuple[int, ...]] = {}
    """By survey, the last position looked at in each lane."""
    done: int = 0
    total: int | None = None
    """How many responses there were when the filling began; None before that."""


NOTHING = Declaration()
_DECLARATIONS = Records(T, Declaration)
_WORKSPACES = Records(tables.Workspace, Workspace)


async def get_declaration(db: Executor, workspace_id: UUID) -> Declaration:
    """What the workspace declares; nothing, where it never did."""
    # In this order: a task that is found belongs to these dimensions, or to ones before them.
    found = await _DECLARATIONS.of(workspace_id).first(db) or NOTHING
    return await _with_declared(db, workspace_id, found)


async def declare_dimensions(
    db: Database, workspace_id: UUID, dimensions: Sequence[Dimension], *, task: UUID, now: datetime
) -> Declaration:
    """Replace what is declared, and promise to fill stored responses with what is new or other.

    The promise replaces an earlier one: what that had left to do is done from the beginning.
    """
    async with db.transaction() as tx:
        before = await _hold(tx, workspace_id, now)
        # New, gone, or taken from elsewhere.
        old, new = ({each.counted for each in some} for some in (before.declared, dimensions))
        changed = sorted({name for name, _, _ in old ^ new})
        if not changed and before.declared == tuple(dimensions):
            return before
        declared = {tables.Workspace.dimensions: dimensions}
        is_it = tables.Workspace.id == workspace_id
        await _WORKSPACES.anywhere().change(tx, declared, is_it)
        if changed:
            values: Values = {
                T.declared_at: now, T.filling: sorted({*before.filling, *changed}), T.task: task,
                T.reached: {}, T.done: 0, T.total: None,
            }  # fmt: skip
            await _DECLARATIONS.of(workspace_id).change(tx, values)
            await enqueue(tx, workspace_id, id=task, kind=FILL, payload="{}", now=now)
        return await get_declaration(tx, workspace_id)


async def begin_filling(db: Database, workspace_id: UUID, task: UUID, total: int) -> bool:
    """Say how many responses there are to fill. False when this task fills nothing."""
    values = {T.total: total}
    return bool(await _DECLARATIONS.of(workspace_id).change(db, values, T.task == task))


async def note_filling(
    tx: Transaction,
    workspace_id: UUID,
    task: UUID,
    *,
    survey_id: UUID,
    reached: Sequence[int],
    n: int,
) -> bool:
    """Say that `n` more are done, and up to where. False when this task fills nothing.

    Nobody else can say so, nor declare anything, before the transaction ends.
    """
    ours = _DECLARATIONS.of(workspace_id)
    held = await ours.change(tx, {T.task: task}, T.task == task)
    if not held:
        return False
    places = {**held[0].reached, survey_id.hex: tuple(reached)}
    await ours.change(tx, {T.reached: places, T.done: held[0].done + n})
    return True


async def end_filling(db: Database, workspace_id: UUID, task: UUID) -> bool:
    """Say that stored responses have what is declared. False when this task fills nothing."""
    values: Values = {T.filling: (), T.task: None, T.reached: {}}
    return bool(await _DECLARATIONS.of(workspace_id).change(db, values, T.task == task))


async def _hold(tx: Transaction, workspace_id: UUID, now: datetime) -> Declaration:
    """What is declared; nobody else can change it before the transaction ends."""
    ours = _DECLARATIONS.of(workspace_id)
    nothing: Values = {T.declared_at: now, T.filling: (), T.reached: {}, T.done: 0}
    await ours.add(tx, nothing)
    (held,) = await ours.change(tx, {T.workspace_id: workspace_id})
    return await _with_declared(tx, workspace_id, held)


async def _with_declared(db: Executor, workspace_id: UUID, found: Declaration) -> Declaration:
    workspace = await _WORKSPACES.anywhere().first(db, tables.Workspace.id == workspace_id)
    declared = workspace.dimensions if workspace else ()
    return msgspec.structs.replace(found, declared=declared)

"""What workspaces count by besides, and how far that reaches into responses stored before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
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


async def get_declaration(db: Database | Transaction, workspace_id: UUID) -> Declaration:
    """What the workspace declares; nothing, where it never did."""
    return await _DECLARATIONS.of(workspace_id).first(db) or NOTHING


async def declare_dimensions(
    db: Database, workspace_id: UUID, dimensions: Sequence[Dimension], *, task: UUID, now: datetime
) -> Declaration:
    """Replace what is declared, and promise to fill stored responses with what is new or other.

    The promise replaces an earlier one: what that had left to do is done from the beginning.
    """
    async with db.transaction() as tx:
        before = await _hold(tx, workspace_id, now)
        changed = _changed(before.declared, dimensions)
        if not changed and before.declared == tuple(dimensions):
            return before
        values: Values = {T.declared: dimensions}
        if changed:
            filling = sorted({*before.filling, *changed})
            values = {
                T.declared: dimensions, T.declared_at: now, T.filling: filling, T.task: task,
                T.reached: {}, T.done: 0, T.total: None,
            }  # fmt: skip
            await enqueue(tx, workspace_id, id=task, kind=FILL, payload="{}", now=now)
        is_it = tables.Workspace.id == workspace_id
        declared = {tables.Workspace.dimensions: dimensions}
        await _WORKSPACES.anywhere().change(tx, declared, is_it)
        return (await _DECLARATIONS.of(workspace_id).change(tx, values))[0]


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
    nothing: Values = {
        T.declared: (), T.declared_at: now, T.filling: (), T.reached: {}, T.done: 0,
    }  # fmt: skip
    await ours.add(tx, nothing)
    return (await ours.change(tx, {T.workspace_id: workspace_id}))[0]


def _changed(before: Sequence[Dimension], after: Sequence[Dimension]) -> list[str]:
    """Names of those that are new, gone, or taken from elsewhere."""
    return sorted({dimension.name for dimension in {*before} ^ {*after}})

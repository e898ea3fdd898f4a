"""Touchpoints: which survey each one asks, how often, where on a journey; what holds for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor, Transaction, join_transaction
from harken_server.database.records import Records
from harken_server.surveys.asking import WorkspaceAsking
from harken_server.surveys.published import Touchpoint
from harken_server.surveys.tables import Touchpoint as P
from harken_server.workspaces.tables import Workspace as T

_TOUCHPOINTS = Records(P, Touchpoint)
_KEY = (P.workspace_id, P.key)
_MEMBERSHIP = (P.journey, P.stage, P.place)


async def get_touchpoint(db: Executor, workspace_id: UUID, key: str) -> Touchpoint | None:
    """The touchpoint with this key."""
    return await _TOUCHPOINTS.of(workspace_id).first(db, P.key == key)


async def list_touchpoints(db: Executor, workspace_id: UUID) -> list[Touchpoint]:
    """All touchpoints, by key."""
    return await _TOUCHPOINTS.of(workspace_id).all(db, order_by=(P.key,))


async def put_touchpoint(
    db: Executor,
    workspace_id: UUID,
    touchpoint: Touchpoint,
    now: datetime,
    new_id: UUID,
) -> None:
    """Make the touchpoint, or replace all its settings; `new_id` is used only for a new one.

    Where an existing one is on a journey stays: that is for `place_touchpoints`.
    """
    values = _values(touchpoint, now, new_id)
    await _TOUCHPOINTS.of(workspace_id).put(db, values, _KEY, only_new=_MEMBERSHIP)


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
        values = _values(touchpoint, now, new_id)
        await _TOUCHPOINTS.of(workspace_id).put(tx, values, _KEY)


async def release_touchpoints(
    tx: Transaction, workspace_id: UUID, journey: str, keys: Sequence[str], now: datetime
) -> None:
    """Take touchpoints off a journey; they go on asking, and those of other journeys stay."""
    values = {P.journey: None, P.stage: None, P.place: 0, P.updated_at: now}
    for key in sorted(keys):
        is_it = (P.key == key, P.journey == journey)
        await _TOUCHPOINTS.of(workspace_id).change(tx, values, *is_it)


async def assign_touchpoints(  # noqa: PLR0917  # In the order of put_touchpoint.
    db: Executor,
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
            values = _values(Touchpoint(key=key, survey=survey_key), now, new_id)
            others = values.keys() - {P.survey, P.updated_at}
            await _TOUCHPOINTS.of(workspace_id).put(tx, values, _KEY, only_new=tuple(others))


class _Settings(msgspec.Struct, frozen=True):
    asking: WorkspaceAsking


_WORKSPACES = Records(T, _Settings)


async def get_workspace_asking(db: Executor, workspace_id: UUID) -> WorkspaceAsking:
    """What holds for all surveys of the workspace."""
    found = await _WORKSPACES.anywhere().first(db, T.id == workspace_id)
    return found.asking if found else WorkspaceAsking()


async def put_workspace_asking(db: Database, workspace_id: UUID, asking: WorkspaceAsking) -> None:
    """Replace what holds for all surveys of the workspace."""
    await _WORKSPACES.anywhere().change(db, {T.asking: asking}, T.id == workspace_id)


def _values(touchpoint: Touchpoint, now: datetime, new_id: UUID) -> dict[Any, Any]:
    return {**_TOUCHPOINTS.values_of(touchpoint), P.id: new_id, P.updated_at: now}

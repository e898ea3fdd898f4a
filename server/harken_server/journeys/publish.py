"""Pushing a journey file: compare with what is stored, place its touchpoints, let others go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor
from harken_server.journeys import store as journeys
from harken_server.journeys.rules.changes import (
    JourneyChange,
    compare_journeys,
    find_foreign,
    find_unknown_surveys,
    leavers,
)
from harken_server.journeys.rules.journeys import (
    Journey,
    current_journey,
    decode_journey,
    encode_journey,
    plan_touchpoints,
)
from harken_server.kernel.errors import ConflictError, Problem
from harken_server.segments.keeping import check_asked
from harken_server.surveys.files.parsing import refusal
from harken_server.surveys.published import Touchpoint
from harken_server.surveys.store import surveys, touchpoints

TEMPLATES = Path(__file__).parent.parent / "journey_templates"
JourneyPushChange: TypeAlias = Literal["first", "changed", "none"]


class PushedJourney(msgspec.Struct, kw_only=True, frozen=True):
    """What a push did, or would do."""

    journey: Journey
    change: JourneyPushChange
    changes: tuple[JourneyChange, ...]
    warnings: tuple[Problem, ...]
    """What is allowed and yet keeps a touchpoint from asking: surveys that are not there."""
    is_stored: bool


class JourneyState(NamedTuple):
    """A journey as it holds now, with its touchpoints in order."""

    journey: Journey
    updated_at: datetime
    touchpoints: list[Touchpoint]


@cache
def journey_templates() -> Mapping[str, Journey]:
    """The built-in journeys by key."""
    found = [
        decode_journey(path.read_bytes(), "yaml")
        for path in sorted(TEMPLATES.glob("*.journey.yaml"))
    ]
    return {journey.key: journey for journey in found}


async def push_journey(
    db: Database,
    workspace_id: UUID,
    journey: Journey,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
    is_dry_run: bool = False,
    is_new_only: bool = False,
) -> PushedJourney:
    """Store a journey and its touchpoints, all or nothing; an unchanged one stores nothing.

    Touchpoints that the definition no longer names stay, without a journey. With `is_new_only`, a
    journey of that key that differs raises ConflictError (`journey_exists`). Raises
    InvalidDefinitionError when a touchpoint is on another journey.
    """
    if is_dry_run:
        return await _plan(db, workspace_id, journey, is_new_only=is_new_only)
    async with db.transaction() as tx:
        await journeys.lock_journeys(tx, workspace_id)
        pushed = await _plan(tx, workspace_id, journey, is_new_only=is_new_only)
        if pushed.change == "none":
            return pushed
        known = await _known(tx, workspace_id)
        planned = plan_touchpoints(journey, known)
        gone = leavers(journey.key, frozenset(item.key for item in planned), known)
        await journeys.put_journey(tx, workspace_id, journey, now, new_id())
        await touchpoints.release_touchpoints(tx, workspace_id, journey.key, gone, now)
        ids = [new_id() for _ in planned]
        await touchpoints.place_touchpoints(tx, workspace_id, planned, now, ids)
    return msgspec.structs.replace(pushed, is_stored=True)


async def remove_journey(db: Database, workspace_id: UUID, key: str, now: datetime) -> bool:
    """Forget a journey; its touchpoints go on without one. False when there is none."""
    async with db.transaction() as tx:
        await journeys.lock_journeys(tx, workspace_id)
        gone = leavers(key, frozenset(), await _known(tx, workspace_id))
        await touchpoints.release_touchpoints(tx, workspace_id, key, gone, now)
        return await journeys.remove_journey(tx, workspace_id, key)


async def read_journey_state(db: Database, workspace_id: UUID, key: str) -> JourneyState | None:
    """One journey as it holds now."""
    stored = await journeys.get_journey(db, workspace_id, key)
    if stored is None:
        return None
    return _state(stored, await _known(db, workspace_id))


async def list_journey_states(db: Database, workspace_id: UUID) -> list[JourneyState]:
    """All journeys as they hold now, by key."""
    known = await _known(db, workspace_id)
    return [_state(stored, known) for stored in await journeys.list_journeys(db, workspace_id)]


def _state(stored: journeys.StoredJourney, known: Mapping[str, Touchpoint]) -> JourneyState:
    journey = current_journey(stored.journey, known)
    order = {stage.key: number for number, stage in enumerate(journey.stages)}
    members = [item for item in known.values() if item.journey == journey.key]
    members.sort(key=lambda item: (order.get(item.stage or "", 0), item.place))
    return JourneyState(journey, stored.updated_at, members)


async def _plan(
    db: Executor, workspace_id: UUID, journey: Journey, *, is_new_only: bool
) -> PushedJourney:
    known = await _known(db, workspace_id)
    foreign = list(find_foreign(journey, known))
    foreign += await _segment_problems(db, workspace_id, journey)
    if foreign:
        raise refusal("journey", foreign)
    stored = await journeys.get_journey(db, workspace_id, journey.key)
    old = stored.journey if stored else None
    changes = compare_journeys(old, journey, known)
    if old is not None and changes and is_new_only:
        raise ConflictError(
            f"There is a journey {journey.key} here, and it differs from the built-in one. Push a"
            " file to change it.",
            code="journey_exists",
        )
    is_same = old is not None and not changes and encode_journey(old) == encode_journey(journey)
    live = frozenset(item.key for item in await surveys.list_surveys(db, workspace_id))
    return PushedJourney(
        journey=journey,
        change="first" if old is None else "none" if is_same else "changed",
        changes=changes,
        warnings=tuple(find_unknown_surveys(journey, live)),
        is_stored=False,
    )


async def _known(db: Executor, workspace_id: UUID) -> dict[str, Touchpoint]:
    return {item.key: item for item in await touchpoints.list_touchpoints(db, workspace_id)}


async def _segment_problems(db: Executor, workspace_id: UUID, journey: Journey) -> list[Problem]:
    """Of touchpoints that ask a segment which is none, or which nobody can be told by."""
    return [
        problem
        for i, stage in enumerate(journey.stages)
        for j, touchpoint in enumerate(stage.touchpoints)
        if touchpoint.asking is not None
        for problem in await check_asked(
            db,
            workspace_id,
            touchpoint.asking.segment,
            f"$.stages[{i}].touchpoints[{j}].asking.segment",
        )
    ]

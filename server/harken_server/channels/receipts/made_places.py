"""Many places at once: stores, tills and codes made from a list, all of them or none."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from harken_server.channels.receipts.rules.place_lines import PlaceLine
from harken_server.channels.receipts.rules.places import (
    RANDOM_BYTES,
    PlaceRow,
    Store,
    TillRow,
    make_place_code,
    make_store_code,
)
from harken_server.channels.receipts.store import place_lists
from harken_server.channels.receipts.store.place_lists import KnownPlaces
from harken_server.database.database import Transaction
from harken_server.database.locks import named_lock
from harken_server.http.runtime import Runtime
from harken_server.kernel.errors import ConflictError
from harken_server.surveys.store.touchpoints import (
    assign_touchpoints,
    get_touchpoint,
    list_touchpoints,
)

_TRIES = 8
"""How often codes and numbers are drawn again because one was taken."""


class Wanted(NamedTuple):
    """What a list asks for."""

    workspace_id: UUID
    survey: str
    touchpoint: str
    """What the codes stand for; made where there is none of that name."""
    lines: tuple[PlaceLine, ...]
    at: datetime
    """When they are made: one time for all, by which those of one list are found again."""


class Plan(NamedTuple):
    """What a list comes to."""

    new: tuple[PlaceLine, ...]
    old: tuple[PlaceLine, ...]
    """They have a code already."""
    new_stores: int


async def touchpoints_of(runtime: Runtime, workspace_id: UUID, survey: str) -> list[str]:
    """Those that ask the survey; else the one that will be made for its places."""
    found = await list_touchpoints(runtime.db, workspace_id)
    return [each.key for each in found if each.survey == survey] or [f"{survey}.place"]


async def plan_places(runtime: Runtime, wanted: Wanted) -> Plan:
    """What would be made; nothing is."""
    known = await place_lists.known_places(runtime.db, wanted.workspace_id, wanted.lines)
    return _plan(wanted, known)


async def make_places(runtime: Runtime, wanted: Wanted) -> int:
    """Make what is new of the list; gives how many codes that were.

    Raises ConflictError (`touchpoint_taken`).
    """
    for _ in range(_TRIES - 1):
        try:
            return await _make(runtime, wanted)
        except ConflictError as error:
            if error.code == "touchpoint_taken":
                raise
    return await _make(runtime, wanted)


async def _make(runtime: Runtime, wanted: Wanted) -> int:
    async with runtime.db.transaction() as tx:
        await named_lock(tx, wanted.workspace_id, "places")  # so that none makes the same again
        await _ask_there(tx, runtime, wanted)
        known = await place_lists.known_places(tx, wanted.workspace_id, wanted.lines)
        new = _plan(wanted, known).new
        stores = _new_stores(runtime, wanted, known, new)
        number = await place_lists.last_till_number(tx)
        tills = _new_tills(runtime, wanted, known, stores, new, number)
        rows = _codes(runtime, wanted, stores, tills, new)
        await place_lists.add_all(tx, wanted.workspace_id, [
            each for name, each in stores.items() if name not in known.stores
        ], [
            each for at, each in tills.items() if at not in known.tills
        ], rows)  # fmt: skip
    return len(rows)


async def _ask_there(tx: Transaction, runtime: Runtime, wanted: Wanted) -> None:
    """Have the touchpoint ask the survey, which it does unless it is new."""
    found = await get_touchpoint(tx, wanted.workspace_id, wanted.touchpoint)
    if found is None:
        await assign_touchpoints(
            tx, wanted.workspace_id, wanted.survey, [wanted.touchpoint], wanted.at,
            [runtime.new_id()],
        )  # fmt: skip
    elif found.survey != wanted.survey:
        raise ConflictError(
            f"Touchpoint {wanted.touchpoint} asks another survey, not {wanted.survey}.",
            code="touchpoint_taken",
        )


def _plan(wanted: Wanted, known: KnownPlaces) -> Plan:
    """A place is there when an open code of its store and till stands for the touchpoint."""
    old = {line for line in wanted.lines if (wanted.touchpoint, line) in known.places}
    new = tuple(line for line in wanted.lines if line not in old)
    return Plan(
        new,
        tuple(line for line in wanted.lines if line in old),
        len({line.store for line in new} - known.stores.keys()),
    )


def _new_stores(
    runtime: Runtime, wanted: Wanted, known: KnownPlaces, new: tuple[PlaceLine, ...]
) -> dict[str, Store]:
    """The stores of all new places, by name."""
    stores = dict(known.stores)
    for line in new:
        if line.store not in stores:
            stores[line.store] = Store(
                id=runtime.new_id(),
                workspace_id=wanted.workspace_id,
                code=make_store_code(runtime.random(RANDOM_BYTES)),
                name=line.store,
                created_at=wanted.at,
            )
    return stores


def _new_tills(  # noqa: PLR0917  # in the order in which they are found
    runtime: Runtime,
    wanted: Wanted,
    known: KnownPlaces,
    stores: dict[str, Store],
    new: tuple[PlaceLine, ...],
    number: int,
) -> dict[PlaceLine, TillRow]:
    """The tills of all new places that name one."""
    tills = dict(known.tills)
    for line in new:
        if line.till and line not in tills:
            number += 1
            tills[line] = TillRow(
                id=runtime.new_id(),
                workspace_id=wanted.workspace_id,
                store_id=stores[line.store].id,
                number=number,
                touchpoint=wanted.touchpoint,
                name=line.till,
                created_at=wanted.at,
            )
    return tills


def _codes(
    runtime: Runtime,
    wanted: Wanted,
    stores: dict[str, Store],
    tills: dict[PlaceLine, TillRow],
    new: tuple[PlaceLine, ...],
) -> list[PlaceRow]:
    return [
        PlaceRow(
            code=make_place_code(runtime.random(RANDOM_BYTES)),
            workspace_id=wanted.workspace_id,
            touchpoint=wanted.touchpoint,
            store_id=stores[line.store].id,
            till_id=tills[line].id if line.till else None,
            label=line.label,
            created_at=wanted.at,
        )
        for line in new
    ]

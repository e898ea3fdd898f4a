"""Many stores, tills and codes in one transaction, and what of a list is there already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from harken_server.channels.receipts import tables
from harken_server.channels.receipts.rules.place_lines import PlaceLine
from harken_server.channels.receipts.rules.places import PlaceRow, Store, TillRow
from harken_server.channels.receipts.rules.tokens import MAX_TILL
from harken_server.database.database import Executor, Transaction
from harken_server.database.records import Records, is_among
from harken_server.kernel.errors import ConflictError

_STORES = Records(tables.Store, Store)
_TILLS = Records(tables.Till, TillRow)
_PLACES = Records(tables.PlaceCode, PlaceRow)
R = TypeVar("R", Store, TillRow, PlaceRow)
_T = tables.PlaceCode


class KnownPlaces(NamedTuple):
    """What is there of what a list names."""

    stores: dict[str, Store]
    """By name; of several the oldest."""
    tills: dict[PlaceLine, TillRow]
    """That are open, by their store's name and their own."""
    places: set[tuple[str, PlaceLine]]
    """With a code in use: touchpoint, store and till."""


async def known_places(db: Executor, workspace_id: UUID, lines: Sequence[PlaceLine]) -> KnownPlaces:
    """What the workspace has of these stores and tills."""
    names = {line.store for line in lines}
    stores = await _among(db, _STORES, workspace_id, tables.Store.name, names)
    by_name = {each.name: each for each in sorted(stores, key=_age, reverse=True)}
    by_id = {each.id: each.name for each in by_name.values()}
    tills = await _among(db, _TILLS, workspace_id, tables.Till.store_id, by_id)
    named = {each.id: PlaceLine(by_id[each.store_id], each.name) for each in tills}
    places = await _among(db, _PLACES, workspace_id, _T.store_id, by_id)
    return KnownPlaces(
        by_name,
        {named[each.id]: each for each in tills if each.closed_at is None},
        {
            (each.touchpoint, line)
            for each in places
            if each.retired_at is None and (line := _line_of(each, by_id, named)) is not None
        },
    )


async def last_till_number(db: Executor) -> int:
    """The greatest number of a till on this server; 0 when there is none."""
    latest = await _TILLS.anywhere().all(
        db, order_by=(tables.Till.number,), is_descending=True, limit=1
    )
    return latest[0].number if latest else 0


async def add_all(  # what stands for what
    tx: Transaction,
    workspace_id: UUID,
    stores: Sequence[Store],
    tills: Sequence[TillRow],
    places: Sequence[PlaceRow],
) -> None:
    """Keep all of them. ConflictError (`code_taken`) when a code or number is: draw others."""
    if tills and tills[-1].number > MAX_TILL:
        raise ConflictError(f"This server has had {MAX_TILL} tills.", code="tills_used_up")
    await _add(tx, _STORES, workspace_id, stores)
    await _add(tx, _TILLS, workspace_id, tills)
    await _add(tx, _PLACES, workspace_id, places)


def _line_of(
    place: PlaceRow, stores: dict[UUID, str], tills: dict[UUID, PlaceLine]
) -> PlaceLine | None:
    if place.till_id is not None:
        return tills.get(place.till_id)
    return None if place.store_id is None else PlaceLine(stores[place.store_id], "")


async def _among(
    db: Executor, records: Records[R], workspace_id: UUID, column: Any, values: Collection[Any]
) -> list[R]:
    return await records.of(workspace_id).all(db, is_among(column, [*values])) if values else []


async def _add(tx: Transaction, records: Records[R], workspace_id: UUID, rows: Sequence[R]) -> None:
    if rows and await records.of(workspace_id).add_many(tx, rows) < len(rows):
        raise ConflictError("a code or number is taken", code="code_taken")


def _age(store: Store) -> tuple[datetime, UUID]:
    return store.created_at, store.id

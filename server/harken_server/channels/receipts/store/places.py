"""Stores, their tills and the codes of places, each found by what is printed on paper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import asdict

from harken_server.channels.receipts import tables
from harken_server.channels.receipts.rules.places import PlaceCode, PlaceRow, Store, Till, TillRow
from harken_server.database.database import Database, Transaction
from harken_server.database.records import Condition, Records, is_among
from harken_server.kernel.errors import ConflictError

_STORES = Records(tables.Store, Store)


async def add_store(db: Database, store: Store) -> None:
    """Keep a new store. ConflictError (`code_taken`) when its code is: draw another."""
    if not await _STORES.of(store.workspace_id).add(db, _STORES.values_of(store)):
        raise ConflictError("this store code is taken", code="code_taken")


async def get_store(db: Database, workspace_id: UUID, code: str) -> Store | None:
    """The workspace's store with this canonical code."""
    return await _STORES.of(workspace_id).first(db, tables.Store.code == code)


async def find_store(db: Database, code: str) -> Store | None:
    """The store with this canonical code, of any workspace: it is what a customer types."""
    return await _STORES.anywhere().first(db, tables.Store.code == code)


async def list_stores(db: Database, workspace_id: UUID, *, after: str, limit: int) -> list[Store]:
    """Stores behind a code, by code."""
    return await _STORES.of(workspace_id).all(
        db, tables.Store.code > after, order_by=(tables.Store.code,), limit=limit
    )


async def stores_by_id(
    db: Database | Transaction, workspace_id: UUID, ids: Collection[UUID]
) -> dict[UUID, Store]:
    """Those of these stores that the workspace has."""
    found = await _STORES.of(workspace_id).all(db, is_among(tables.Store.id, [*ids])) if ids else []
    return {store.id: store for store in found}


_TILLS = Records(tables.Till, TillRow)


async def add_till(
    db: Database,
    workspace_id: UUID,
    store_id: UUID,
    *,
    id: UUID,  # noqa: A002  # The record's own word.
    touchpoint: str,
    name: str,
    locale: str | None,
    now: datetime,
) -> int:
    """Keep a new till under the next free number, which is given.

    ConflictError (`number_taken`) when another process took it meanwhile: try again.
    """
    async with db.transaction() as tx:
        latest = await _TILLS.anywhere().all(
            tx, order_by=(tables.Till.number,), is_descending=True, limit=1
        )
        till = TillRow(
            id=id, workspace_id=workspace_id, store_id=store_id, touchpoint=touchpoint, name=name,
            number=latest[0].number + 1 if latest else 1, locale=locale, created_at=now,
        )  # fmt: skip
        if not await _TILLS.of(workspace_id).add(tx, _TILLS.values_of(till)):
            raise ConflictError("this till number is taken", code="number_taken")
    return till.number


async def get_till(db: Database | Transaction, workspace_id: UUID, number: int) -> Till | None:
    """The workspace's till with this number."""
    return await _first(db, await _TILLS.of(workspace_id).all(db, tables.Till.number == number))


async def find_till(db: Database, number: int) -> Till | None:
    """The till with this number, of any workspace: a token names no other."""
    return await _first(db, await _TILLS.anywhere().all(db, tables.Till.number == number))


async def list_tills(
    db: Database, workspace_id: UUID, *, store: str | None, after: int, limit: int
) -> list[Till]:
    """Tills behind a number, by number; of one store when its canonical code is given."""
    wanted = tables.Till.number > after
    if store:
        found = await get_store(db, workspace_id, store)
        if found is None:
            return []
        wanted &= tables.Till.store_id == found.id
    rows = await _TILLS.of(workspace_id).all(
        db, wanted, order_by=(tables.Till.number,), limit=limit
    )
    return await _in_their_stores(db, rows)


async def first_till(db: Database, workspace_id: UUID, store_id: UUID) -> Till | None:
    """The oldest till of a store that is not closed: it stands for receipts that name none."""
    is_open = (tables.Till.store_id == store_id) & tables.Till.closed_at.is_null()
    oldest = await _TILLS.of(workspace_id).all(db, is_open, order_by=(tables.Till.number,), limit=1)
    return await _first(db, oldest)


async def save_till(tx: Transaction, till: Till) -> None:
    """Write everything of a till that can change."""
    await _TILLS.of(till.workspace_id).change(tx, _TILLS.values_of(till), tables.Till.id == till.id)


async def lock_till(tx: Transaction, workspace_id: UUID, number: int) -> Till | None:
    """The till, which nobody else can change until the transaction ends."""
    locked = await _TILLS.of(workspace_id).change(
        tx, {tables.Till.number: number}, tables.Till.number == number
    )
    return await _first(tx, locked)


async def till_names(db: Database, workspace_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those of these tills that the workspace has."""
    found = await _TILLS.of(workspace_id).all(db, is_among(tables.Till.id, [*ids])) if ids else []
    return {till.id: till.name for till in found}


async def _first(db: Database | Transaction, rows: Sequence[TillRow]) -> Till | None:
    return next(iter(await _in_their_stores(db, rows)), None)


async def _in_their_stores(db: Database | Transaction, rows: Sequence[TillRow]) -> list[Till]:
    """Tills of one workspace; one in a store of another workspace is not there."""
    if not rows:
        return []
    stores = await stores_by_id(db, rows[0].workspace_id, {row.store_id for row in rows})
    return [
        Till(store=stores[row.store_id], **asdict(row)) for row in rows if row.store_id in stores
    ]


_PLACES = Records(tables.PlaceCode, PlaceRow)


async def add_place_code(db: Database, place: PlaceCode) -> None:
    """Keep a new code. ConflictError (`code_taken`) when it is: draw another."""
    if not await _PLACES.of(place.workspace_id).add(db, _PLACES.values_of(place)):
        raise ConflictError("this place code is taken", code="code_taken")


async def get_place_code(db: Database, workspace_id: UUID, code: str) -> PlaceCode | None:
    """The workspace's place with this canonical code, retired ones included."""
    found = await _PLACES.of(workspace_id).all(db, tables.PlaceCode.code == code)
    return next(iter(await _placed(db, found)), None)


async def find_place_code(db: Database, code: str) -> PlaceCode | None:
    """The place with this canonical code, of any workspace: it is what people scan."""
    found = await _PLACES.anywhere().all(db, tables.PlaceCode.code == code)
    return next(iter(await _placed(db, found)), None)


async def list_place_codes(
    db: Database, workspace_id: UUID, *, after: str, limit: int
) -> list[PlaceCode]:
    """Place codes behind one, by code; retired ones included."""
    found = await _PLACES.of(workspace_id).all(
        db, tables.PlaceCode.code > after, order_by=(tables.PlaceCode.code,), limit=limit
    )
    return await _placed(db, found)


async def places_at(
    db: Database,
    workspace_id: UUID,
    touchpoints: Collection[str],
    *,
    made_at: datetime | None = None,
    limit: int,
) -> list[PlaceCode]:
    """The codes in use that stand for these touchpoints, by label; those made at once if asked."""
    wanted: list[Condition] = [
        is_among(tables.PlaceCode.touchpoint, [*touchpoints]),
        tables.PlaceCode.retired_at.is_null(),
    ]
    if made_at is not None:
        wanted.append(tables.PlaceCode.created_at == made_at)
    order = (tables.PlaceCode.label, tables.PlaceCode.code)
    found = await _PLACES.of(workspace_id).all(db, *wanted, order_by=order, limit=limit)
    return await _placed(db, found)


async def change_place_code(
    db: Database,
    workspace_id: UUID,
    code: str,
    *,
    touchpoint: str | None = None,
    label: str | None = None,
) -> None:
    """Point the code to another touchpoint, or label it anew; what is None stays."""
    wanted = {tables.PlaceCode.touchpoint: touchpoint, tables.PlaceCode.label: label}
    values = {column: value for column, value in wanted.items() if value is not None}
    if values:
        await _PLACES.of(workspace_id).change(db, values, tables.PlaceCode.code == code)


async def retire_place_code(db: Database, workspace_id: UUID, code: str, now: datetime) -> None:
    """Have the code lead nowhere, once and for all: a later time changes nothing."""
    is_used = tables.PlaceCode.retired_at.is_null()
    await _PLACES.of(workspace_id).change(
        db, {tables.PlaceCode.retired_at: now}, tables.PlaceCode.code == code, is_used
    )


async def _placed(db: Database, rows: Sequence[PlaceRow]) -> list[PlaceCode]:
    """Places of one workspace, each with its store and till as far as those are there."""
    if not rows:
        return []
    workspace_id = rows[0].workspace_id
    stores = await stores_by_id(db, workspace_id, {row.store_id for row in rows if row.store_id})
    tills = await till_names(db, workspace_id, {row.till_id for row in rows if row.till_id})
    return [
        PlaceCode(
            **asdict(row),
            store=row.store_id and stores.get(row.store_id),
            till=row.till_id and tills.get(row.till_id),
        )
        for row in rows
    ]

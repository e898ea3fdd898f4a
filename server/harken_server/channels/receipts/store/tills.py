"""Tills: found by the number that stands in their receipts' tokens."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import asdict

from harken_server.channels.receipts import tables
from harken_server.channels.receipts.rules.places import Till, TillRow
from harken_server.channels.receipts.store.stores import get_store, stores_by_id
from harken_server.database.database import Database, Transaction
from harken_server.database.records import Records, is_among
from harken_server.kernel.errors import ConflictError

T = tables.Till
_TILLS = Records(T, TillRow)


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
        latest = await _TILLS.anywhere().all(tx, order_by=(T.number,), is_descending=True, limit=1)
        till = TillRow(
            id=id, workspace_id=workspace_id, store_id=store_id, touchpoint=touchpoint, name=name,
            number=latest[0].number + 1 if latest else 1, locale=locale, created_at=now,
        )  # fmt: skip
        if not await _TILLS.of(workspace_id).add(tx, _TILLS.values_of(till)):
            raise ConflictError("this till number is taken", code="number_taken")
    return till.number


async def get_till(db: Database | Transaction, workspace_id: UUID, number: int) -> Till | None:
    """The workspace's till with this number."""
    return await _first(db, await _TILLS.of(workspace_id).all(db, T.number == number))


async def find_till(db: Database, number: int) -> Till | None:
    """The till with this number, of any workspace: a token names no other."""
    return await _first(db, await _TILLS.anywhere().all(db, T.number == number))


async def list_tills(
    db: Database, workspace_id: UUID, *, store: str | None, after: int, limit: int
) -> list[Till]:
    """Tills behind a number, by number; of one store when its canonical code is given."""
    wanted = T.number > after
    if store:
        found = await get_store(db, workspace_id, store)
        if found is None:
            return []
        wanted &= T.store_id == found.id
    rows = await _TILLS.of(workspace_id).all(db, wanted, order_by=(T.number,), limit=limit)
    return await _in_their_stores(db, rows)


async def first_till(db: Database, workspace_id: UUID, store_id: UUID) -> Till | None:
    """The oldest till of a store that is not closed: it stands for receipts that name none."""
    is_open = (T.store_id == store_id) & T.closed_at.is_null()
    oldest = await _TILLS.of(workspace_id).all(db, is_open, order_by=(T.number,), limit=1)
    return await _first(db, oldest)


async def save_till(tx: Transaction, till: Till) -> None:
    """Write everything of a till that can change."""
    await _TILLS.of(till.workspace_id).change(tx, _TILLS.values_of(till), T.id == till.id)


async def lock_till(tx: Transaction, workspace_id: UUID, number: int) -> Till | None:
    """The till, which nobody else can change until the transaction ends."""
    locked = await _TILLS.of(workspace_id).change(tx, {T.number: number}, T.number == number)
    return await _first(tx, locked)


async def till_names(db: Database, workspace_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those of these tills that the workspace has."""
    found = await _TILLS.of(workspace_id).all(db, is_among(T.id, [*ids])) if ids else []
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

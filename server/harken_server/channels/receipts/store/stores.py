"""Stores: found by the code that their receipts print."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from harken_server.channels.receipts.rules.places import Store
from harken_server.channels.receipts.tables import Store as T
from harken_server.database.database import Database, Transaction
from harken_server.database.records import Records, is_among
from harken_server.kernel.errors import ConflictError

_STORES = Records(T, Store)


async def add_store(db: Database, store: Store) -> None:
    """Keep a new store. ConflictError (`code_taken`) when its code is: draw another."""
    if not await _STORES.of(store.workspace_id).add(db, _STORES.values_of(store)):
        raise ConflictError("this store code is taken", code="code_taken")


async def get_store(db: Database, workspace_id: UUID, code: str) -> Store | None:
    """The workspace's store with this canonical code."""
    return await _STORES.of(workspace_id).first(db, T.code == code)


async def find_store(db: Database, code: str) -> Store | None:
    """The store with this canonical code, of any workspace: it is what a customer types."""
    return await _STORES.anywhere().first(db, T.code == code)


async def list_stores(db: Database, workspace_id: UUID, *, after: str, limit: int) -> list[Store]:
    """Stores behind a code, by code."""
    return await _STORES.of(workspace_id).all(db, T.code > after, order_by=(T.code,), limit=limit)


async def stores_by_id(
    db: Database | Transaction, workspace_id: UUID, ids: Collection[UUID]
) -> dict[UUID, Store]:
    """Those of these stores that the workspace has."""
    found = await _STORES.of(workspace_id).all(db, is_among(T.id, [*ids])) if ids else []
    return {store.id: store for store in found}

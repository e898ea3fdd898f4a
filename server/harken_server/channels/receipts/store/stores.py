"""Stores: found by the code that their receipts print."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.channels.receipts.rules.places import Store
from harken_server.database.database import Database
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid
from harken_server.kernel.errors import ConflictError

StoreRow: TypeAlias = tuple[StoredId, StoredId, str, str, str, int, StoredTime]

STORE_COLUMNS = "s.id, s.workspace_id, s.code, s.name, s.details, s.generation, s.created_at"
"""What `store_of` reads, of a table called `s`."""
_SELECT = f"SELECT {STORE_COLUMNS} FROM store s"  # noqa: S608  # only our own column list


async def add_store(db: Database, store: Store) -> None:
    """Keep a new store. ConflictError (`code_taken`) when its code is: draw another."""
    stored = await db.execute(
        "INSERT INTO store (id, workspace_id, code, name, details, generation, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id",
        store.id,
        store.workspace_id,
        store.code,
        store.name,
        msgspec.json.encode(store.details).decode(),
        store.generation,
        store.created_at,
    )
    if not stored:
        raise ConflictError("this store code is taken", code="code_taken")


async def get_store(db: Database, workspace_id: UUID, code: str) -> Store | None:
    """The workspace's store with this canonical code."""
    row = await db.fetch_one(
        _SELECT + " WHERE s.workspace_id = $1 AND s.code = $2", workspace_id, code
    )
    return None if row is None else store_of(row)


async def find_store(db: Database, code: str) -> Store | None:
    """The store with this canonical code, of any workspace: it is what a customer types."""
    row = await db.fetch_one(_SELECT + " WHERE s.code = $1", code)
    return None if row is None else store_of(row)


async def list_stores(db: Database, workspace_id: UUID, *, after: str, limit: int) -> list[Store]:
    """Stores behind a code, by code."""
    rows = await db.fetch(
        _SELECT + " WHERE s.workspace_id = $1 AND s.code > $2 ORDER BY s.code LIMIT $3",
        workspace_id,
        after,
        limit,
    )
    return [store_of(row) for row in rows]


def store_of(row: StoreRow) -> Store:
    """The record of a row of STORE_COLUMNS."""
    return Store(
        id=to_uuid(row[0]),
        workspace_id=to_uuid(row[1]),
        code=row[2],
        name=row[3],
        details=msgspec.json.decode(row[4], type=dict[str, str]),
        generation=row[5],
        created_at=to_time(row[6]),
    )

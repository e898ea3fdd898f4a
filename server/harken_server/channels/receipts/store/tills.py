"""Tills: found by the number that stands in their receipts' tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

import msgspec

from harken_server.channels.receipts.rules.places import Till
from harken_server.channels.receipts.store.stores import STORE_COLUMNS, StoreRow, store_of
from harken_server.database.database import Database, Transaction
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid
from harken_server.kernel.errors import ConflictError

_Row: TypeAlias = tuple[
    StoredId, int, str, str, str | None, int, str, StoredTime | None, StoredTime
]

_COLUMNS = (
    "t.id, t.number, t.touchpoint, t.name, t.locale, t.key_number, t.revoked_keys, t.closed_at,"
    " t.created_at"
)
_OWN = 9
_SELECT = (
    f"SELECT {_COLUMNS}, {STORE_COLUMNS} FROM till t"  # noqa: S608  # only our own column lists
    " JOIN store s ON s.id = t.store_id AND s.workspace_id = t.workspace_id"
)
_ADD = (
    "INSERT INTO till (id, workspace_id, store_id, number, touchpoint, name, locale, key_number,"
    " revoked_keys, closed_at, created_at)"
    " SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, 0, '{}', NULL, $7 FROM till"
    " WHERE TRUE ON CONFLICT DO NOTHING RETURNING number"
)


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
    rows = await db.execute(_ADD, id, workspace_id, store_id, touchpoint, name, locale, now)
    if not rows:
        raise ConflictError("this till number is taken", code="number_taken")
    return int(rows[0][0])


async def get_till(db: Database | Transaction, workspace_id: UUID, number: int) -> Till | None:
    """The workspace's till with this number."""
    rows = await db.fetch(
        _SELECT + " WHERE t.workspace_id = $1 AND t.number = $2", workspace_id, number
    )
    return _till(rows[0]) if rows else None


async def find_till(db: Database, number: int) -> Till | None:
    """The till with this number, of any workspace: a token names no other."""
    rows = await db.fetch(_SELECT + " WHERE t.number = $1", number)
    return _till(rows[0]) if rows else None


async def list_tills(
    db: Database, workspace_id: UUID, *, store: str | None, after: int, limit: int
) -> list[Till]:
    """Tills behind a number, by number; of one store when its canonical code is given."""
    rows = await db.fetch(
        _SELECT + " WHERE t.workspace_id = $1 AND t.number > $2 AND (s.code = $4 OR $4 = '')"
        " ORDER BY t.number LIMIT $3",
        workspace_id,
        after,
        limit,
        store or "",
    )
    return [_till(row) for row in rows]


async def first_till(db: Database, workspace_id: UUID, store_id: UUID) -> Till | None:
    """The oldest till of a store that is not closed: it stands for receipts that name none."""
    rows = await db.fetch(
        _SELECT + " WHERE t.workspace_id = $1 AND t.store_id = $2 AND t.closed_at IS NULL"
        " ORDER BY t.number LIMIT 1",
        workspace_id,
        store_id,
    )
    return _till(rows[0]) if rows else None


async def save_till(tx: Transaction, till: Till) -> None:
    """Write everything of a till that can change."""
    await tx.execute(
        "UPDATE till SET touchpoint = $3, name = $4, locale = $5, key_number = $6,"
        " revoked_keys = $7, closed_at = $8 WHERE workspace_id = $1 AND id = $2",
        till.workspace_id,
        till.id,
        till.touchpoint,
        till.name,
        till.locale,
        till.key_number,
        msgspec.json.encode(till.revoked_keys).decode(),
        till.closed_at,
    )


async def lock_till(tx: Transaction, workspace_id: UUID, number: int) -> Till | None:
    """The till, which nobody else can change until the transaction ends."""
    await tx.execute(
        "UPDATE till SET number = number WHERE workspace_id = $1 AND number = $2",
        workspace_id,
        number,
    )
    return await get_till(tx, workspace_id, number)


def _till(row: tuple[Any, ...]) -> Till:
    own = cast("_Row", row[:_OWN])
    store = store_of(cast("StoreRow", row[_OWN:]))
    return Till(
        id=to_uuid(own[0]),
        workspace_id=store.workspace_id,
        store=store,
        number=own[1],
        touchpoint=own[2],
        name=own[3],
        locale=own[4],
        key_number=own[5],
        revoked_keys=msgspec.json.decode(own[6], type=dict[int, datetime]),
        closed_at=to_time(own[7]),
        created_at=to_time(own[8]),
    )

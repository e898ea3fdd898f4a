"""Place codes: printed once, and pointed to another touchpoint whenever that is wanted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

from harken_server.channels.receipts.rules.places import PlaceCode
from harken_server.channels.receipts.store.stores import STORE_COLUMNS, StoreRow, store_of
from harken_server.database.database import Database
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid
from harken_server.kernel.errors import ConflictError

_Row: TypeAlias = tuple[
    str, StoredId, str, StoredId | None, str | None, str, StoredTime, StoredTime | None
]

_OWN = 8
_SELECT = (
    "SELECT p.code, p.workspace_id, p.touchpoint, p.till_id, t.name, p.label, p.created_at,"  # noqa: S608  # only our own column lists
    f" p.retired_at, {STORE_COLUMNS} FROM place_code p"
    " LEFT JOIN store s ON s.id = p.store_id AND s.workspace_id = p.workspace_id"
    " LEFT JOIN till t ON t.id = p.till_id AND t.workspace_id = p.workspace_id"
)


async def add_place_code(db: Database, place: PlaceCode) -> None:
    """Keep a new code. ConflictError (`code_taken`) when it is: draw another."""
    stored = await db.execute(
        "INSERT INTO place_code (code, workspace_id, touchpoint, till_id, store_id, label,"
        " created_at, retired_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT DO NOTHING RETURNING code",
        place.code,
        place.workspace_id,
        place.touchpoint,
        place.till_id,
        None if place.store is None else place.store.id,
        place.label,
        place.created_at,
        place.retired_at,
    )
    if not stored:
        raise ConflictError("this place code is taken", code="code_taken")


async def get_place_code(db: Database, workspace_id: UUID, code: str) -> PlaceCode | None:
    """The workspace's place with this canonical code, retired ones included."""
    rows = await db.fetch(
        _SELECT + " WHERE p.workspace_id = $1 AND p.code = $2", workspace_id, code
    )
    return _place(rows[0]) if rows else None


async def find_place_code(db: Database, code: str) -> PlaceCode | None:
    """The place with this canonical code, of any workspace: it is what people scan."""
    rows = await db.fetch(_SELECT + " WHERE p.code = $1", code)
    return _place(rows[0]) if rows else None


async def list_place_codes(
    db: Database, workspace_id: UUID, *, after: str, limit: int
) -> list[PlaceCode]:
    """Place codes behind one, by code; retired ones included."""
    rows = await db.fetch(
        _SELECT + " WHERE p.workspace_id = $1 AND p.code > $2 ORDER BY p.code LIMIT $3",
        workspace_id,
        after,
        limit,
    )
    return [_place(row) for row in rows]


async def change_place_code(
    db: Database,
    workspace_id: UUID,
    code: str,
    *,
    touchpoint: str | None = None,
    label: str | None = None,
    retired_at: datetime | None = None,
) -> None:
    """Point the code to another touchpoint, label it anew, or have it lead nowhere, once and for
    all; what is None stays."""
    await db.execute(
        "UPDATE place_code SET touchpoint = COALESCE($3, touchpoint), label = COALESCE($4, label),"
        " retired_at = COALESCE(retired_at, $5) WHERE workspace_id = $1 AND code = $2",
        workspace_id,
        code,
        touchpoint,
        label,
        retired_at,
    )


def _place(row: tuple[Any, ...]) -> PlaceCode:
    own = cast("_Row", row[:_OWN])
    store = None if row[_OWN] is None else store_of(cast("StoreRow", row[_OWN:]))
    return PlaceCode(
        code=own[0],
        workspace_id=to_uuid(own[1]),
        touchpoint=own[2],
        till_id=to_uuid(own[3]),
        till=own[4],
        label=own[5],
        created_at=to_time(own[6]),
        retired_at=to_time(own[7]),
        store=store,
    )

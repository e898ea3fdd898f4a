"""Place codes: printed once, and pointed to another touchpoint whenever that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import asdict

from harken_server.channels.receipts.rules.places import PlaceCode, PlaceRow
from harken_server.channels.receipts.store.stores import stores_by_id
from harken_server.channels.receipts.store.tills import till_names
from harken_server.channels.receipts.tables import PlaceCode as T
from harken_server.database.database import Database
from harken_server.database.records import Records
from harken_server.kernel.errors import ConflictError

_PLACES = Records(T, PlaceRow)


async def add_place_code(db: Database, place: PlaceCode) -> None:
    """Keep a new code. ConflictError (`code_taken`) when it is: draw another."""
    if not await _PLACES.of(place.workspace_id).add(db, _PLACES.values_of(place)):
        raise ConflictError("this place code is taken", code="code_taken")


async def get_place_code(db: Database, workspace_id: UUID, code: str) -> PlaceCode | None:
    """The workspace's place with this canonical code, retired ones included."""
    found = await _PLACES.of(workspace_id).all(db, T.code == code)
    return next(iter(await _placed(db, found)), None)


async def find_place_code(db: Database, code: str) -> PlaceCode | None:
    """The place with this canonical code, of any workspace: it is what people scan."""
    found = await _PLACES.anywhere().all(db, T.code == code)
    return next(iter(await _placed(db, found)), None)


async def list_place_codes(
    db: Database, workspace_id: UUID, *, after: str, limit: int
) -> list[PlaceCode]:
    """Place codes behind one, by code; retired ones included."""
    found = await _PLACES.of(workspace_id).all(db, T.code > after, order_by=(T.code,), limit=limit)
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
    wanted = {T.touchpoint: touchpoint, T.label: label}
    values = {column: value for column, value in wanted.items() if value is not None}
    if values:
        await _PLACES.of(workspace_id).change(db, values, T.code == code)


async def retire_place_code(db: Database, workspace_id: UUID, code: str, now: datetime) -> None:
    """Have the code lead nowhere, once and for all: a later time changes nothing."""
    is_used = T.retired_at.is_null()
    await _PLACES.of(workspace_id).change(db, {T.retired_at: now}, T.code == code, is_used)


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

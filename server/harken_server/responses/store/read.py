"""Read responses as records."""

from __future__ import annotations

from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.lanes import Positions
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.codes import STANDING_CODES, STANDINGS
from harken_server.responses.response import (
    CountFilter,
    Standing,
    StoredResponse,
)
from harken_server.responses.store.feed import read_feed
from harken_server.responses.store.row import SELECT_RESPONSES, stored_response
from harken_server.responses.store.selection import select_responses

AT_ONCE = 40
"""Decoded in half a millisecond."""


async def list_responses(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    *,
    after: Positions,
    limit: int,
    standing: Standing | None = None,
) -> list[StoredResponse]:
    """Responses changed after the positions, as `read_feed` gives them; erased ones too.

    With a `standing` only those that have it now.
    """
    params: list[object] = [workspace_id, survey_id]
    select = SELECT_RESPONSES
    if standing is not None:
        params.append(STANDING_CODES[standing])
        select += " AND r.standing = $3"
    rows = await read_feed(db, select, params, after, limit)
    return [stored_response(row) async for some in pieces_of(rows, AT_ONCE) for row in some]


async def count_apart(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter
) -> dict[str, int]:
    """How many responses of each other standing the filter would take in; none are left out."""
    counted_ones = msgspec.structs.replace(selection, standing="counted")
    chosen = select_responses(workspace_id, survey_id, counted_ones)
    condition = chosen.condition.replace("r.standing = $3", "r.standing <> $3")
    rows = await db.fetch(
        f"SELECT r.standing, COUNT(*) FROM response r WHERE {condition}"  # noqa: S608  # our own
        " GROUP BY r.standing",
        *chosen.params,
    )
    counted = {str(STANDINGS[int(row[0])]): int(row[1]) for row in rows}
    return dict(sorted(counted.items()))

"""Read whole responses in feed order from one snapshot, for exports that list their answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from harken_server.database.database import Database
from harken_server.responses.response import StoredResponse
from harken_server.responses.store.row import SELECTED, stored_response
from harken_server.responses.store.selection import Selection


async def stream_responses(
    db: Database, selection: Selection
) -> AsyncGenerator[list[StoredResponse]]:
    """Lists of responses with all their answers, hidden ones included; flat in memory."""
    sql = f"SELECT {SELECTED} FROM response r WHERE {selection.condition} ORDER BY r.position"  # noqa: S608  # values are parameters
    async for rows in db.stream(sql, *selection.params):
        yield [stored_response(row) for row in rows]

"""Read whole responses in feed order from one snapshot, for exports that list their answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from harken_server.database.database import Database
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.response import StoredResponse
from harken_server.responses.store.row import SELECTED, stored_response
from harken_server.responses.store.selection import Selection

AT_ONCE = 20
"""Read and written in half a millisecond."""


async def stream_responses(
    db: Database, selection: Selection
) -> AsyncGenerator[list[StoredResponse]]:
    """Short lists of responses with all their answers, hidden ones included; flat in memory."""
    sql = f"SELECT {SELECTED} FROM response r WHERE {selection.condition} ORDER BY r.position"  # noqa: S608  # values are parameters
    async for rows in db.stream(sql, *selection.params):
        async for some in pieces_of(rows, AT_ONCE):
            yield [stored_response(row) for row in some]

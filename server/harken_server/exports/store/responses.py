"""Read whole responses in feed order from one snapshot, for exports that list their answers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import AsyncGenerator
from operator import itemgetter

from harken_server.database.database import Database, Row
from harken_server.responses.response import StoredResponse
from harken_server.responses.store.read import POSITION, SELECTED, responses_of
from harken_server.responses.store.selection import Selection


async def stream_responses(
    db: Database, selection: Selection
) -> AsyncGenerator[list[StoredResponse]]:
    """Lists of responses with all their answers, hidden ones included; flat in memory."""
    sql = f"""SELECT {SELECTED}
FROM response r LEFT JOIN answer a ON a.response_number = r.number
WHERE {selection.condition} ORDER BY r.position"""  # noqa: S608  # values are parameters
    rest: list[Row] = []
    async for chunk in db.stream(sql, *selection.params):
        rows = rest + chunk
        start_of_last = bisect_left(rows, rows[-1][POSITION], key=itemgetter(POSITION))
        rest = rows[start_of_last:]
        if start_of_last:
            yield responses_of(rows[:start_of_last])
    if rest:
        yield responses_of(rest)

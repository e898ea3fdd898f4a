"""The feed: what changed since a reader last looked, lane by lane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harken_server.database.database import Database, Row
from harken_server.database.lanes import Positions, first_position


async def read_feed(
    db: Database, select: str, params: Sequence[Any], after: Positions, limit: int
) -> list[Row]:
    """Rows behind the positions: within a lane in their order, all of one lane before the next.

    `select` ends in a condition over `response r` with its parameters from `$1` on. A response that
    is changed again between the reading of two lanes comes in the next page at the latest.
    """
    behind = f"${len(params) + 1}", f"${len(params) + 2}", f"${len(params) + 3}"
    sql = (
        f"{select} AND r.position > {behind[0]} AND r.position < {behind[1]}"
        f" ORDER BY r.position LIMIT {behind[2]}"
    )
    rows: list[Row] = []
    for (lane,) in await db.fetch("SELECT lane FROM feed ORDER BY lane"):
        if len(rows) < limit:
            seen = after.get(lane, first_position(lane))
            end = first_position(lane + 1)
            rows += await db.fetch(sql, *params, seen, end, limit - len(rows))
    return rows

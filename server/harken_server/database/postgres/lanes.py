"""Lanes: each writer has a row of its own in `feed`, so that no writer waits for another.

A position says its lane: `lane * 2^40 + n`. Within a lane commits come in the order of positions,
because each locks the lane's row until it is durable; across lanes there is no order. Lane 0 is
SQLite's only one, and on PostgreSQL that of changes by a process whose writer has none yet.

A lane is held by an advisory lock of the writer's connection. PostgreSQL gives it back at once when
the connection ends, however it ends, so there is no time to wait and no clock to trust; should two
writers ever have the same lane, they would take turns, and nothing else would change.
"""

from __future__ import annotations

from typing import Any

from harken_server.database.lanes import MOST_LANES, first_position

_LOCK = 0x6861726B  # "hark"
_TAKE = "SELECT pg_try_advisory_lock($1, $2)"
_MAKE = "INSERT INTO feed (lane, position) VALUES ($1, $2) ON CONFLICT (lane) DO NOTHING"


async def take_lane(connection: Any) -> int:
    """The lowest lane that nobody has, until the connection ends; the last one may be shared."""
    lane = 1
    while lane < MOST_LANES - 1 and not await connection.fetchval(_TAKE, _LOCK, lane):
        lane += 1
    await connection.execute(_MAKE, lane, first_position(lane))
    return lane

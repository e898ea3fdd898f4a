"""Which of the responses of a filter are read: behind a cursor, or those that changed last."""

from __future__ import annotations

from typing import Any

from harken_server.database.database import Database
from harken_server.database.lanes import Positions, first_position
from harken_server.responses.store.selection import Selection


def behind(selection: Selection, after: Positions) -> Selection:
    """Those that came or changed after the positions; a lane that is not among them counts all."""
    conditions, params = [selection.condition], [*selection.params]
    for lane, position in sorted(after.items()):
        params.append(position)
        is_later = f"r.position > ${len(params)}"
        if lane:
            params.append(first_position(lane))
            is_later = f"({is_later} OR r.position < ${len(params)})"
        conditions.append(is_later)
    return Selection(" AND ".join(conditions), tuple(params))


def latest(db: Database, selection: Selection, count: int) -> Selection:
    """So many of them, those that changed last: found along the index of each lane."""
    params = (*selection.params, count)
    most = f"LIMIT ${len(params)}"
    last = f"SELECT r.number, r.updated_at FROM response r WHERE {selection.condition}"  # noqa: S608  # values are parameters
    if db.dialect == "postgres":
        lane = "(f.lane::bigint << 40)"
        last = (
            f"SELECT x.number FROM feed f CROSS JOIN LATERAL ({last}"  # noqa: S608  # as above
            f" AND r.position >= {lane} AND r.position < {lane} + (1::bigint << 40)"
            f" ORDER BY r.position DESC {most}) x ORDER BY x.updated_at DESC, x.number DESC {most}"
        )
    else:
        last = f"SELECT x.number FROM ({last} ORDER BY r.position DESC {most}) x"  # noqa: S608  # as above
    return Selection(f"{selection.condition} AND r.number IN ({last})", params)


async def count_selected(db: Database, selection: Selection) -> int:
    """How many responses there are to be read."""
    sql = f"SELECT COUNT(*) FROM response r WHERE {selection.condition}"  # noqa: S608  # values are parameters
    rows: list[Any] = await db.scan(sql, *selection.params)
    return rows[0][0]

"""Whether a change stands beyond its lane's position: a cursor would never come to it."""

from __future__ import annotations

from harken_server.database.lanes import lane_of
from harken_server.database.opening import Snapshot

_BEYOND = """
SELECT w.slug, s.key, r.{column}, f.position
FROM response r LEFT JOIN feed f ON f.lane = (r.{column} >> 40)
  LEFT JOIN survey s ON s.number = r.survey_number LEFT JOIN workspace w ON w.id = s.workspace_id
WHERE f.position IS NULL OR r.{column} > f.position ORDER BY r.{column}
"""


async def beyond_the_feed(seen: Snapshot) -> list[str]:
    """Responses that were stored or changed at a position that their lane has not reached."""
    different: list[str] = []
    for column in ("number", "position"):
        different += [
            f"{workspace}/{survey}: a response has {column} {found}, and lane {lane_of(found)} is "
            f"at {'nothing' if position is None else position}"
            for workspace, survey, found, position in await seen.fetch(
                _BEYOND.format(column=column)
            )
        ]
    return different

"""How far the responses of a survey have come: what tells that nothing has changed since."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.lanes import Positions, first_position
from harken_server.responses.store.selection import OF_SURVEY

_LAST = f"""
SELECT position FROM response WHERE {OF_SURVEY} AND position > $3 AND position < $4
ORDER BY position DESC LIMIT 1
"""  # noqa: S608  # our own words


async def last_positions(db: Database, workspace_id: UUID, survey_id: UUID) -> Positions:
    """The latest change in each lane, read at the end of an index however many there are."""
    found: Positions = {}
    for (lane,) in await db.fetch("SELECT lane FROM feed ORDER BY lane"):
        ends = first_position(lane), first_position(lane + 1)
        for (position,) in await db.fetch(_LAST, workspace_id, survey_id, *ends):
            found[int(lane)] = int(position)
    return found

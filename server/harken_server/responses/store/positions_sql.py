"""How far the responses of a survey have come in the feed."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.lanes import Positions
from harken_server.responses.store.selection import OF_SURVEY


async def last_positions(db: Database, workspace_id: UUID, survey_id: UUID) -> Positions:
    """The position of the latest change of any response of a survey, by lane: along an index."""
    lane = "(f.lane::bigint << 40)" if db.dialect == "postgres" else "(f.lane << 40)"
    end = lane.replace("f.lane", "(f.lane + 1)")
    rows = await db.fetch(
        "SELECT f.lane, (SELECT MAX(r.position) FROM response r"  # noqa: S608  # our own words
        f" WHERE r.{OF_SURVEY} AND r.position >= {lane} AND r.position < {end}) FROM feed f",
        workspace_id,
        survey_id,
    )
    return {lane: position for lane, position in rows if position is not None}

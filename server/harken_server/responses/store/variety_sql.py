"""Which words a survey is counted by so far."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Executor
from harken_server.responses.store.selection import OF_SURVEY


async def read_touchpoints(db: Executor, workspace_id: UUID, survey_id: UUID) -> set[str]:
    """Touchpoints that have counts."""
    rows = await db.fetch(
        f"SELECT DISTINCT touchpoint FROM answer_count WHERE {OF_SURVEY} AND dimension = ''",  # noqa: S608  # ours
        workspace_id,
        survey_id,
    )
    return {row[0] for row in rows}


async def read_members(
    db: Executor, workspace_id: UUID, survey_id: UUID, dimension: str
) -> set[str]:
    """Members of a dimension that have counts."""
    rows = await db.fetch(
        f"SELECT DISTINCT member FROM day_count WHERE {OF_SURVEY} AND dimension = $3",  # noqa: S608  # ours
        workspace_id,
        survey_id,
        dimension,
    )
    return {row[0] for row in rows}

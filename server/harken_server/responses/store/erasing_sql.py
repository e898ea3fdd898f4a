"""The responses of one person in all surveys of a workspace, to be erased: in SQL by hand."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.values import to_uuid
from harken_server.responses.codes import NOT_ERASED

# CROSS JOIN keeps SQLite from beginning with the large table.
_OF_PERSON = f"""
SELECT s.id, r.id FROM survey s CROSS JOIN response r
WHERE s.workspace_id = $1 AND r.survey_number = s.number AND r.respondent = $2
UNION
SELECT s.id, r.id FROM invitation i CROSS JOIN survey s CROSS JOIN response r
WHERE i.workspace_id = $1 AND i.respondent = $2 AND s.id = i.survey_id AND s.workspace_id = $1
  AND r.survey_number = s.number AND r.id = i.response_id AND r.{NOT_ERASED}
"""  # noqa: S608  # our own words


async def list_of_person(
    db: Database, workspace_id: UUID, respondent: str, limit: int
) -> list[tuple[UUID, UUID]]:
    """Survey and id of responses that carry the name, proved or claimed, or that a personal link of
    the person brought; erased ones carry no name."""
    rows = await db.fetch(f"{_OF_PERSON} LIMIT $3", workspace_id, respondent, limit)
    return [(to_uuid(survey_id), to_uuid(response_id)) for survey_id, response_id in rows]


async def count_of_person(db: Database, workspace_id: UUID, respondent: str) -> int:
    """How many these are."""
    rows = await db.fetch(
        f"SELECT COUNT(*) FROM ({_OF_PERSON}) AS theirs",  # noqa: S608  # our own words
        workspace_id,
        respondent,
    )
    return rows[0][0]

"""What respondents answered before, as far as a decision looks at it."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.rows import StoredId
from harken_server.database.values import to_uuid

_Rating: TypeAlias = tuple[int, StoredId, int, str, int]


class Rated(msgspec.Struct, frozen=True):
    """One rating that a respondent gave."""

    number: int
    """The response, by the order of arrival."""
    survey_id: UUID
    version: int
    question: str
    rating: int


async def list_ratings(
    db: Database | Transaction, workspace_id: UUID, respondent: str, since: datetime
) -> list[Rated]:
    """Ratings of responses since a time, the newest response first; at most 500."""
    rows: list[_Rating] = await db.fetch(
        "SELECT r.number, r.survey_id, r.version, a.question, a.rating FROM response r"
        " JOIN answer a ON a.response_number = r.number"
        " WHERE r.workspace_id = $1 AND r.respondent = $2 AND r.submitted_at >= $3"
        " AND r.state <> 'erased' AND r.standing NOT IN ('quarantined', 'excluded')"
        " AND a.rating IS NOT NULL AND a.part = '' AND NOT a.is_hidden"
        " ORDER BY r.number DESC, a.question LIMIT 500",
        workspace_id,
        respondent,
        since,
    )
    return [Rated(row[0], to_uuid(row[1]), row[2], row[3], row[4]) for row in rows]

"""What proved respondents answered before, as far as a decision looks at it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.values import StoredId, to_uuid
from harken_server.responses.codes import TELLING
from harken_server.responses.store.row import decode_answers


class Rated(msgspec.Struct, frozen=True):
    """One rating that a respondent gave."""

    number: int
    """The response."""
    survey_id: UUID
    version: int
    question: str
    rating: int


async def list_ratings(
    db: Database | Transaction, workspace_id: UUID, respondent: str, since: datetime
) -> list[Rated]:
    """Ratings of the newest 500 responses since a time, the newest response first."""
    rows: list[tuple[int, StoredId, int, str]] = await db.fetch(
        "SELECT r.number, s.id, r.version, r.answers FROM survey s CROSS JOIN response r"  # noqa: S608  # our own words
        " WHERE s.workspace_id = $1 AND r.survey_number = s.number AND r.respondent = $2"
        " AND r.submitted_at >= $3"
        f" AND {TELLING}"
        " ORDER BY r.submitted_at DESC, r.number DESC LIMIT 500",
        workspace_id,
        respondent,
        since,
    )
    return [
        Rated(number, to_uuid(survey_id), version, answer.question, answer.rating)
        for number, survey_id, version, answers in rows
        for answer in decode_answers(answers)
        if answer.rating is not None and not answer.part and not answer.is_hidden
    ]

"""What proved respondents answered before, as far as a decision looks at it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Executor
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
    response_id: UUID
    touchpoint: str
    comment: str
    """All visible texts of the response."""


async def list_ratings(
    db: Executor, workspace_id: UUID, respondent: str, since: datetime
) -> list[Rated]:
    """Ratings of the newest 500 responses since a time, the newest response first."""
    rows: list[tuple[int, StoredId, int, str, StoredId, str]] = await db.fetch(
        "SELECT r.number, s.id, r.version, r.answers, r.id, r.touchpoint"  # noqa: S608  # our own words
        " FROM survey s CROSS JOIN response r"
        " WHERE s.workspace_id = $1 AND r.survey_number = s.number AND r.respondent = $2"
        " AND r.submitted_at >= $3"
        f" AND {TELLING}"
        " ORDER BY r.submitted_at DESC, r.number DESC LIMIT 500",
        workspace_id,
        respondent,
        since,
    )
    rated: list[Rated] = []
    for number, survey_id, version, document, response_id, touchpoint in rows:
        answers = decode_answers(document)
        shown = [each for each in answers if not each.is_hidden]
        comment = "\n".join(each.text for each in shown if each.text)
        of_all = to_uuid(response_id), touchpoint, comment
        rated += [
            Rated(number, to_uuid(survey_id), version, each.question, each.rating, *of_all)
            for each in shown
            if each.rating is not None and not each.part
        ]
    return rated

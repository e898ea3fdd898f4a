"""What responses and invitations of one person there are, and what was told of people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor
from harken_server.database.many_rows import among, array_of
from harken_server.database.values import StoredId, StoredTime, to_time, to_uuid
from harken_server.invitations.invitation import OpenInvitation
from harken_server.invitations.store import INVITATIONS
from harken_server.kernel.person_names import suppression_digest
from harken_server.responses.codes import ALONE, NOT_ERASED, PARTIAL, TELLING
from harken_server.responses.store.row import decode_answers

# CROSS JOIN keeps SQLite from beginning with the large table.
_OF_PERSON = f"""
SELECT s.id, r.id FROM survey s CROSS JOIN response r
WHERE s.workspace_id = $1 AND r.survey_number = s.number AND r.respondent = $2
UNION
SELECT s.id, r.id FROM invitation i CROSS JOIN survey s CROSS JOIN response r
WHERE i.workspace_id = $1 AND i.respondent = $2 AND s.id = i.survey_id AND s.workspace_id = $1
  AND r.survey_number = s.number AND r.id = i.response_id AND r.{NOT_ERASED}
"""  # noqa: S608  # our own words

_OPEN = f"""
SELECT r.id IS NOT NULL, {INVITATIONS.names("i")}
FROM invitation i
JOIN survey s ON s.id = i.survey_id AND s.workspace_id = i.workspace_id AND s.status = 'live'
LEFT JOIN response r ON r.survey_number = s.number AND r.id = i.response_id
WHERE i.workspace_id = $1 AND i.respondent = $2 AND i.channel = $3 AND i.dismissed_at IS NULL
  AND (i.expires_at IS NULL OR i.expires_at > $4) AND (i.response_id IS NULL OR r.{PARTIAL})
  AND NOT EXISTS (
    SELECT 1 FROM suppression p WHERE p.workspace_id = i.workspace_id AND p.respondent = $2
  )
  AND NOT EXISTS (
    SELECT 1 FROM survey_suppression v WHERE v.workspace_id = i.workspace_id
      AND v.respondent = $2 AND v.survey_id = i.survey_id
  )
ORDER BY i.created_at, i.id LIMIT $5
"""  # noqa: S608  # our own columns


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
        f" AND {TELLING} AND r.{ALONE}"
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


async def read_traits(
    db: Executor, workspace_id: UUID, respondents: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The traits of each of these of whom any are known, in one query."""
    if not respondents:
        return {}
    rows = await db.fetch(
        "SELECT respondent, traits FROM respondent WHERE workspace_id = $1"  # noqa: S608  # ours
        f" AND respondent {among(db, 2, 'text')}",
        workspace_id,
        array_of(db, respondents),
    )
    return {respondent: msgspec.json.decode(traits) for respondent, traits in rows}


async def find_erasure(db: Database, workspace_id: UUID, respondent: str) -> datetime | None:
    """When somebody of this name was erased; None when nobody was, or they were allowed again."""
    digest = suppression_digest(workspace_id, "respondent", respondent)
    row = await db.fetch_one(
        "SELECT created_at FROM suppression_digest WHERE workspace_id = $1 AND digest = $2"
        " AND reason = 'erased'",
        workspace_id,
        digest,
    )
    if row is None:
        return None
    erased_at: StoredTime = row[0]
    return to_time(erased_at)


async def list_open_invitations(  # noqa: PLR0917  # all of them say which
    db: Database, workspace_id: UUID, respondent: str, channel: str, now: datetime, limit: int
) -> list[OpenInvitation]:
    """What waits for a respondent on a channel, oldest first: survey live, not expired, not
    dismissed, not answered completely. Nothing for a respondent who must not be asked."""
    rows = await db.fetch(_OPEN, workspace_id, respondent, channel, now, limit)
    return [
        OpenInvitation(INVITATIONS.read(columns), bool(has_partial))
        for has_partial, *columns in rows
    ]

"""What may stand against sending a delivery now: in SQL by hand, one read of five tables."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.values import StoredId, StoredTime, to_time, to_uuid
from harken_server.deliveries.rules import Delivery
from harken_server.responses.codes import UNCONFIRMED
from harken_server.surveys.published import SurveyStatus

_Row: TypeAlias = tuple[
    SurveyStatus, int, StoredId | None, StoredTime | None, StoredTime | None, str | None
]
_FACTS = f"""
SELECT s.status, s.version, CASE WHEN r.id IS NULL THEN i.response_id END, i.expires_at,
  i.dismissed_at, p.timezone
FROM delivery d
JOIN invitation i ON i.id = d.invitation_id AND i.workspace_id = d.workspace_id
JOIN survey s ON s.id = d.survey_id AND s.workspace_id = d.workspace_id
LEFT JOIN response r ON r.survey_number = s.number AND r.id = i.response_id
  AND r.{UNCONFIRMED}
LEFT JOIN respondent p ON p.workspace_id = d.workspace_id AND p.respondent = d.respondent
WHERE d.workspace_id = $1 AND d.id = $2
"""  # noqa: S608  # our own words


class SendFacts(msgspec.Struct, frozen=True):
    """What is true of a delivery's survey, invitation and respondent at this moment."""

    survey_status: SurveyStatus
    survey_version: int
    response_id: UUID | None
    expires_at: datetime | None
    dismissed_at: datetime | None
    timezone: str | None
    """The respondent's IANA zone, when known."""


async def read_send_facts(db: Database | Transaction, delivery: Delivery) -> SendFacts | None:
    """What may stand against sending it now; None when invitation or survey are gone."""
    rows: list[_Row] = await db.fetch(_FACTS, delivery.workspace_id, delivery.id)
    for status, version, response_id, expires_at, dismissed_at, timezone in rows:
        times = to_time(expires_at), to_time(dismissed_at)
        return SendFacts(status, version, to_uuid(response_id), *times, timezone)
    return None

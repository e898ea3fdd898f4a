"""What may stand against a delivery, and who has not answered one: joined by hand in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.many_rows import among, array_of
from harken_server.database.values import StoredId, StoredTime, to_time, to_uuid
from harken_server.deliveries.rules import Delivery, DeliveryState
from harken_server.deliveries.store.deliveries import DELIVERIES
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


_UNANSWERED = f"""
SELECT {DELIVERIES.names("d")}
FROM delivery d
JOIN invitation i ON i.id = d.invitation_id AND i.workspace_id = d.workspace_id
LEFT JOIN survey s ON s.id = i.survey_id AND s.workspace_id = i.workspace_id
WHERE d.workspace_id = $1 AND d.survey_id = $2 AND d.kind = 'invitation' AND d.channel = $7
  AND d.state /* delivered */
  AND d.handed_over_at > $3 AND d.handed_over_at <= $4
  AND (i.response_id IS NULL OR EXISTS (
    SELECT 1 FROM response r WHERE r.survey_number = s.number AND r.id = i.response_id
      AND r.{UNCONFIRMED}
  )) AND i.dismissed_at IS NULL
  AND (i.expires_at IS NULL OR i.expires_at > $5)
  AND NOT EXISTS (
    SELECT 1 FROM delivery r WHERE r.workspace_id = d.workspace_id AND r.survey_id = d.survey_id
      AND r.respondent = d.respondent AND r.wave = d.wave AND r.kind = 'reminder'
  )
ORDER BY d.handed_over_at, d.id LIMIT $6
"""  # noqa: S608  # our own columns


async def list_unanswered(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    channel: str,
    *,
    delivered: Sequence[DeliveryState],
    sent_after: datetime,
    sent_until: datetime,
    now: datetime,
    limit: int,
) -> list[Delivery]:
    """Invitations delivered in that time, open, unanswered, unreminded, longest ago first."""
    query = _UNANSWERED.replace("/* delivered */", among(db, 8, "text"))
    rows = await db.fetch(
        query,
        workspace_id,
        survey_id,
        sent_after,
        sent_until,
        now,
        limit,
        channel,
        array_of(db, delivered),
    )
    return [DELIVERIES.read(row) for row in rows]

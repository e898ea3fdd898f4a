"""Who was delivered an invitation some days ago and has not answered: joined by hand in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.many_rows import among, array_of
from harken_server.deliveries.rules import Delivery, DeliveryState
from harken_server.deliveries.store.deliveries import DELIVERIES
from harken_server.responses.codes import UNCONFIRMED

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

"""Who was mailed an invitation some days ago and has not answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from harken_server.channels.email.rules.deliveries import Delivery
from harken_server.channels.email.store.deliveries import DELIVERY_COLUMNS, delivery_of
from harken_server.database.database import Database

_UNANSWERED = f"""
SELECT {", ".join(f"d.{name}" for name in DELIVERY_COLUMNS)}
FROM delivery d
JOIN invitation i ON i.id = d.invitation_id AND i.workspace_id = d.workspace_id
WHERE d.workspace_id = $1 AND d.survey_id = $2 AND d.kind = 'invitation' AND d.state = 'sent'
  AND d.handed_over_at > $3 AND d.handed_over_at <= $4
  AND (i.response_id IS NULL OR EXISTS (
    SELECT 1 FROM response r WHERE r.survey_id = i.survey_id AND r.id = i.response_id
      AND r.standing IN ('provisional', 'quarantined')
  )) AND i.dismissed_at IS NULL
  AND (i.expires_at IS NULL OR i.expires_at > $5)
  AND NOT EXISTS (
    SELECT 1 FROM delivery r WHERE r.workspace_id = d.workspace_id AND r.survey_id = d.survey_id
      AND r.respondent = d.respondent AND r.wave = d.wave AND r.kind = 'reminder'
  )
ORDER BY d.handed_over_at, d.id LIMIT $6
"""  # noqa: S608  # only our own column list


async def list_unanswered(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    *,
    sent_after: datetime,
    sent_until: datetime,
    now: datetime,
    limit: int,
) -> list[Delivery]:
    """Invitations mailed in that time, open and without answer or reminder, longest ago first."""
    rows = await db.fetch(_UNANSWERED, workspace_id, survey_id, sent_after, sent_until, now, limit)
    return [delivery_of(row) for row in rows]

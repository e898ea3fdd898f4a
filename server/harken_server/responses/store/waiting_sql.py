"""Invitations that wait for somebody: in SQL by hand, one read of five tables."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from harken_server.database.database import Database
from harken_server.invitations.invitation import OpenInvitation
from harken_server.invitations.store import INVITATIONS
from harken_server.responses.codes import PARTIAL

_OPEN = f"""
SELECT r.id IS NOT NULL, {INVITATIONS.names("i")}
FROM invitation i
JOIN survey s ON s.id = i.survey_id AND s.workspace_id = i.workspace_id AND s.status = 'live'
LEFT JOIN response r ON r.survey_number = s.number AND r.id = i.response_id
WHERE i.workspace_id = $1 AND i.respondent = $2 AND i.channel = $3 AND i.dismissed_at IS NULL
  AND (i.expires_at IS NULL OR i.expires_at > $4) AND (r.id IS NULL OR r.{PARTIAL})
  AND NOT EXISTS (
    SELECT 1 FROM suppression p WHERE p.workspace_id = i.workspace_id AND p.respondent = $2
  )
  AND NOT EXISTS (
    SELECT 1 FROM survey_suppression v WHERE v.workspace_id = i.workspace_id
      AND v.respondent = $2 AND v.survey_id = i.survey_id
  )
ORDER BY i.created_at, i.id LIMIT $5
"""  # noqa: S608  # our own columns


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

"""Invitations: kept under their short code, claimed by the response store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.many_rows import Columns, insert_many
from harken_server.database.rows import StoredBool, StoredId, StoredTime
from harken_server.database.values import to_bool, to_time, to_uuid
from harken_server.invitations.invitation import Invitation, OpenInvitation
from harken_server.kernel.errors import ConflictError

_Row: TypeAlias = tuple[
    StoredId,
    StoredId,
    StoredId,
    str,
    str,
    str,
    str | None,
    str | None,
    str,
    StoredBool,
    StoredTime,
    StoredTime | None,
    StoredId | None,
    StoredTime | None,
    StoredTime | None,
    str,
    str,
]

_COLUMNS = (
    "id", "workspace_id", "survey_id", "code", "touchpoint", "channel", "respondent", "locale",
    "context", "is_single_use", "created_at", "expires_at", "response_id", "shown_at",
    "dismissed_at", "wave", "quotas",
)  # fmt: skip
_NEW: Columns = (
    ("id", "uuid"), ("workspace_id", "uuid"), ("survey_id", "uuid"), ("code", "text"),
    ("touchpoint", "text"), ("channel", "text"), ("respondent", "text"), ("locale", "text"),
    ("context", "text"), ("is_single_use", "bool"), ("created_at", "timestamptz"),
    ("expires_at", "timestamptz"), ("response_id", "uuid"), ("wave", "text"), ("quotas", "text"),
)  # fmt: skip
_INSERT = (
    f"INSERT INTO invitation ({', '.join(name for name, _ in _NEW)})"  # noqa: S608  # our own list
    f" VALUES ({', '.join(f'${place}' for place in range(1, len(_NEW) + 1))})"
    " ON CONFLICT DO NOTHING RETURNING id"
)
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM invitation"  # noqa: S608  # only our own column list
_OPEN = f"""
SELECT {", ".join(f"i.{name}" for name in _COLUMNS)}, r.id IS NOT NULL
FROM invitation i
JOIN survey s ON s.id = i.survey_id AND s.workspace_id = i.workspace_id AND s.status = 'live'
LEFT JOIN response r ON r.survey_id = i.survey_id AND r.id = i.response_id
WHERE i.workspace_id = $1 AND i.respondent = $2 AND i.channel = $3 AND i.dismissed_at IS NULL
  AND (i.expires_at IS NULL OR i.expires_at > $4) AND (r.id IS NULL OR r.state = 'partial')
  AND NOT EXISTS (
    SELECT 1 FROM suppression p WHERE p.workspace_id = i.workspace_id AND p.respondent = $2
  )
  AND NOT EXISTS (
    SELECT 1 FROM survey_suppression v WHERE v.workspace_id = i.workspace_id
      AND v.respondent = $2 AND v.survey_id = i.survey_id
  )
ORDER BY i.created_at, i.id LIMIT $5
"""  # noqa: S608  # only our own column list
_Context: TypeAlias = dict[str, str | int | float | bool | None]


async def add_invitation(db: Database | Transaction, invitation: Invitation) -> None:
    """Keep a new invitation. ConflictError when its code (or id) is taken: draw another code.

    A transaction in which that happens can go on.
    """
    stored = await db.execute(_INSERT, *_values(invitation))
    if not stored:
        raise ConflictError("this invitation code is taken", code="code_taken")


async def add_invitations(tx: Transaction, invitations: Sequence[Invitation]) -> None:
    """Keep several new ones. ConflictError when the code (or id) of any is taken."""
    rows = [_values(invitation) for invitation in invitations]
    if await insert_many(tx, "invitation", _NEW, rows) < len(rows):
        raise ConflictError("one of these invitation codes is taken", code="code_taken")


async def find_invitation(db: Database | Transaction, code: str) -> Invitation | None:
    """The invitation with this canonical code: it is what tells the workspace."""
    rows = await db.fetch(_SELECT + " WHERE code = $1", code)
    return _invitation(rows[0]) if rows else None


async def get_invitation(
    db: Database | Transaction,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
) -> Invitation | None:
    """The invitation with this id."""
    rows = await db.fetch(_SELECT + " WHERE workspace_id = $1 AND id = $2", workspace_id, id)
    return _invitation(rows[0]) if rows else None


async def list_open_invitations(  # noqa: PLR0917  # all of them say which
    db: Database, workspace_id: UUID, respondent: str, channel: str, now: datetime, limit: int
) -> list[OpenInvitation]:
    """What waits for a respondent on a channel, oldest first: survey live, not expired, not
    dismissed, not answered completely. Nothing for a respondent who must not be asked."""
    rows = await db.fetch(_OPEN, workspace_id, respondent, channel, now, limit)
    return [OpenInvitation(_invitation(row[:-1]), to_bool(row[-1])) for row in rows]


async def mark_shown(
    db: Database, invitation: Invitation, at: datetime, *, is_dismissed: bool
) -> None:
    """Keep when it was first shown, and first dismissed; later times change nothing."""
    dismissed = ", dismissed_at = COALESCE(dismissed_at, $3)" if is_dismissed else ""
    await db.execute(
        f"UPDATE invitation SET shown_at = COALESCE(shown_at, $3){dismissed}"  # noqa: S608  # our own
        " WHERE workspace_id = $1 AND id = $2",
        invitation.workspace_id,
        invitation.id,
        at,
    )


def _values(invitation: Invitation) -> tuple[Any, ...]:
    return (
        invitation.id,
        invitation.workspace_id,
        invitation.survey_id,
        invitation.code,
        invitation.touchpoint,
        invitation.channel,
        invitation.respondent,
        invitation.locale,
        msgspec.json.encode(invitation.context).decode(),
        invitation.is_single_use,
        invitation.created_at,
        invitation.expires_at,
        invitation.response_id,
        invitation.wave,
        " ".join(invitation.quotas),
    )


def _invitation(row: _Row) -> Invitation:
    return Invitation(
        id=to_uuid(row[0]),
        workspace_id=to_uuid(row[1]),
        survey_id=to_uuid(row[2]),
        code=row[3],
        touchpoint=row[4],
        channel=row[5],
        respondent=row[6],
        locale=row[7],
        context=msgspec.json.decode(row[8], type=_Context),
        is_single_use=to_bool(row[9]),
        created_at=to_time(row[10]),
        expires_at=to_time(row[11]),
        response_id=to_uuid(row[12]),
        shown_at=to_time(row[13]),
        dismissed_at=to_time(row[14]),
        wave=row[15],
        quotas=tuple(row[16].split()),
    )

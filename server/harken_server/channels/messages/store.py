"""Messages of a conversation: which question each one was taken for, so that none counts twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from harken_server.database.database import Database


async def note_message(
    db: Database,
    workspace_id: UUID,
    message_id: UUID,
    *,
    invitation_id: UUID,
    question: str,
    is_skip: bool,
    now: datetime,
) -> None:
    """Keep that this message replies to the question, or leaves it out; only once a message."""
    await db.execute(
        "INSERT INTO message (id, workspace_id, invitation_id, question, is_skip, received_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        message_id,
        workspace_id,
        invitation_id,
        question,
        is_skip,
        now,
    )


async def question_of_message(
    db: Database, workspace_id: UUID, invitation_id: UUID, message_id: UUID
) -> str | None:
    """The question that this message was taken for; None for a new message."""
    rows = await db.fetch(
        "SELECT question FROM message WHERE workspace_id = $1 AND invitation_id = $2 AND id = $3",
        workspace_id,
        invitation_id,
        message_id,
    )
    return str(rows[0][0]) if rows else None


async def questions_left_out(
    db: Database, workspace_id: UUID, invitation_id: UUID
) -> frozenset[str]:
    """Questions that a message left out."""
    rows = await db.fetch(
        "SELECT DISTINCT question FROM message WHERE workspace_id = $1 AND invitation_id = $2"
        " AND is_skip = $3",
        workspace_id,
        invitation_id,
        True,
    )
    return frozenset(str(row[0]) for row in rows)

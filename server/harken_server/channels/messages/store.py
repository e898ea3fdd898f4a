"""Messages of a conversation: which question each one was taken for, so that none counts twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.channels.messages.tables import Message as T
from harken_server.database.database import Database
from harken_server.database.records import Records


class _Message(msgspec.Struct, frozen=True):
    question: str
    is_skip: bool


_MESSAGES = Records(T, _Message)


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
    values = {
        T.id: message_id,
        T.invitation_id: invitation_id,
        T.question: question,
        T.is_skip: is_skip,
        T.received_at: now,
    }
    await _MESSAGES.of(workspace_id).add(db, values)


async def question_of_message(
    db: Database, workspace_id: UUID, invitation_id: UUID, message_id: UUID
) -> str | None:
    """The question that this message was taken for; None for a new message."""
    is_it = (T.invitation_id == invitation_id) & (T.id == message_id)
    found = await _MESSAGES.of(workspace_id).first(db, is_it)
    return found and found.question


async def questions_left_out(
    db: Database, workspace_id: UUID, invitation_id: UUID
) -> frozenset[str]:
    """Questions that a message left out."""
    found = await _MESSAGES.of(workspace_id).all(db, T.invitation_id == invitation_id)
    return frozenset(each.question for each in found if each.is_skip)

"""Messages of a conversation: which question each one was taken for, so that none counts twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.channels.messages.tables import Message as T
from harken_server.database.database import Database
from harken_server.database.records import Records


class Reply(msgspec.Struct, frozen=True):
    """A message as a reply to a question."""

    question: str
    is_skip: bool
    """Whether it leaves the question out."""


_MESSAGES = Records(T, Reply)


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


async def forget_messages(db: Database, workspace_id: UUID, invitation_id: UUID) -> None:
    """Which questions the messages of a conversation were taken for, and when they came."""
    await _MESSAGES.of(workspace_id).remove(db, T.invitation_id == invitation_id)


async def question_of_message(
    db: Database, workspace_id: UUID, invitation_id: UUID, message_id: UUID
) -> str | None:
    """The question that this message was taken for; None for a new message."""
    is_it = (T.invitation_id == invitation_id) & (T.id == message_id)
    found = await _MESSAGES.of(workspace_id).first(db, is_it)
    return found and found.question


async def list_replies(db: Database, workspace_id: UUID, invitation_id: UUID) -> list[Reply]:
    """What the messages of a conversation were taken for."""
    return await _MESSAGES.of(workspace_id).all(db, T.invitation_id == invitation_id)

"""The table of messages of conversations."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Boolean, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Time


class Message(Table, tablename="message"):
    """A message of a conversation was taken as the reply to a question, or left it out."""

    id = Id(primary_key=True, help_text="The same for the same message of the same carrier.")
    workspace_id = Id()
    invitation_id = Id()
    question = Varchar(length=32)
    is_skip = Boolean(help_text="The question was left out.")
    received_at = Time()

    index_on: ClassVar[Indexes] = {
        "message_invitation": "(invitation_id)",
    }

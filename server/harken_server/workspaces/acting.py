"""Somebody who does something in a workspace: a program with a key, or a person of the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.encodings import Headers
from harken_server.http.runtime import Runtime
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import Act
from harken_server.workspaces.workspace import Workspace

MAX_SUBJECT = 200
"""Characters of what was changed, as the audit log names it."""


class Acting(msgspec.Struct, frozen=True, kw_only=True):
    """What stories need to know of whoever asks for them."""

    runtime: Runtime
    workspace: Workspace
    headers: Headers
    acts: list[str] = []
    """What was written to the audit log, or need not be."""
    noted: dict[str, Any] = {}
    """What the audit log says of it."""

    @property
    def db(self) -> Database:
        """The open database."""
        return self.runtime.db

    @property
    def workspace_id(self) -> UUID:
        """The workspace in which it is done."""
        return self.workspace.id

    def header(self, name: str) -> str | None:
        """A header of the request."""
        value = self.headers.get(name.lower().encode())
        return None if value is None else value.decode("latin-1")

    def now(self) -> datetime:
        """The time, in UTC."""
        return self.runtime.clock()

    def act(self, action: str) -> Act:
        """What is about to be done, for the audit log: the story writes it down by itself."""
        raise NotImplementedError(action)

    def note(self, **detail: Any) -> None:
        """Have the audit log say more of what is done."""
        self.noted.update(detail)

    def changed_nothing(self) -> None:
        """What was asked for was so already, or only tried: no entry is made of it."""
        self.acts.append("")

    def act_of(
        self, action: str, *, api_key_id: UUID | None = None, account_id: UUID | None = None
    ) -> Act:
        """An act of this key, or of this person."""
        id_ = self.runtime.new_id()
        return Act(id_, self.workspace_id, api_key_id, action, self.now(), account_id)


async def write_down(acting: Acting, action: str, subject: str) -> None:
    """Tell the audit log of what was just done, unless the story did by itself."""
    if acting.acts:
        return
    async with acting.db.transaction() as tx:
        await audit.write(tx, acting.act(action), subject[:MAX_SUBJECT], **acting.noted)

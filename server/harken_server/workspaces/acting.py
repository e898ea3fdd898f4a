"""Somebody who does something in a workspace: a program with a key, or a person of the house."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.encodings import Headers
from harken_server.http.runtime import Runtime
from harken_server.workspaces.store.audit import Act
from harken_server.workspaces.workspace import Workspace


class Acting(msgspec.Struct, frozen=True, kw_only=True):
    """What stories need to know of whoever asks for them."""

    runtime: Runtime
    workspace: Workspace
    headers: Headers

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
        """What is about to be done, for the audit trail."""
        raise NotImplementedError(action)

    def act_of(
        self, action: str, *, api_key_id: UUID | None = None, account_id: UUID | None = None
    ) -> Act:
        """An act of this key, or of this person."""
        id_ = self.runtime.new_id()
        return Act(id_, self.workspace_id, api_key_id, action, self.now(), account_id)

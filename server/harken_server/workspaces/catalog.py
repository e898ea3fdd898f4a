"""Workspaces and their keys, kept in memory for a moment."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from harken_server.database.database import Database
from harken_server.kernel.cache import Kept
from harken_server.kernel.errors import NotFoundError
from harken_server.workspaces.store import keys, workspaces
from harken_server.workspaces.workspace import ApiKey, Workspace

FRESH_S = 1.0
"""A change made by another process is seen within twice this time."""


class WorkspaceCatalog:
    """Finds workspaces and API keys without asking the database each time."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._keys: Kept[ApiKey | None] = Kept(FRESH_S)
        self._signers: Kept[tuple[bytes, ...]] = Kept(FRESH_S)
        self._workspaces: Kept[Workspace | None] = Kept(FRESH_S * 30)
        self._listeners: list[Callable[[], None]] = []

    async def find_key(self, secret: str) -> ApiKey | None:
        """The API key with this secret, revoked ones included."""
        return await self._keys.get(secret, lambda: keys.find_key(self._db, secret))

    async def signing_digests(self, workspace_id: UUID, prefix: str) -> tuple[bytes, ...]:
        """The SHA-256 of the living keys with this prefix that may sign identities."""
        return await self._signers.get(
            (workspace_id, prefix), lambda: keys.signing_digests(self._db, workspace_id, prefix)
        )

    async def get(self, workspace_id: UUID) -> Workspace:
        """The workspace with this id. Raises NotFoundError (`workspace_unknown`)."""
        found = await self._workspaces.get(
            workspace_id, lambda: workspaces.get_workspace(self._db, workspace_id)
        )
        if found is None:
            raise NotFoundError("There is no such workspace.", code="workspace_unknown")
        return found

    def forget(self) -> None:
        """Ask again at once: something was just changed by this process."""
        self._keys.clear()
        self._signers.clear()
        for forget in self._listeners:
            forget()

    def on_forget(self, forget: Callable[[], None]) -> None:
        """Have others forget at the same time what they keep of surveys and keys."""
        self._listeners.append(forget)

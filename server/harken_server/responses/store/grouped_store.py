"""The store of responses: what is acknowledged is durable, once, and whole."""

from __future__ import annotations

from harken_server.database.transactions import Backend
from harken_server.kernel.records import NewResponse, StoreOutcome


class ResponseStore:
    """Stores responses in groups: all that wait become one commit."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def store(self, new: NewResponse) -> StoreOutcome:
        """Store a response and say what became of it; durable when it returns.

        Raises OverloadedError when too many wait, StorageError when the outcome is unknown (a
        repeat with the same id finds out), ConstraintError when the row fits no column.
        """
        return await self._backend.store(new)

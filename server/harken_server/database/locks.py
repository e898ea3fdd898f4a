"""Locks by name: callers of one workspace wait for each other until their transaction ends."""

from __future__ import annotations

import hashlib
from uuid import UUID

from harken_server.database.database import Transaction


async def named_lock(tx: Transaction, workspace_id: UUID, name: str) -> None:
    """Wait until nobody else of this workspace has the lock, and have it until `tx` ends.

    On SQLite there is nothing to do: a transaction is the only writer.
    """
    if tx.dialect == "sqlite":
        return
    await tx.fetch("SELECT pg_advisory_xact_lock($1)", lock_number(workspace_id, name))


def lock_number(workspace_id: UUID, name: str) -> int:
    """A signed 64-bit number; two names that share one merely wait for each other."""
    digest = hashlib.blake2b(name.encode(), digest_size=8, key=workspace_id.bytes).digest()
    return int.from_bytes(digest, signed=True)

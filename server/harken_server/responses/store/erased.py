"""The promise that copies of an erased response go too, committed with its erasure."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from harken_server.database import outbox
from harken_server.database.database import Transaction

ERASED = "responses.erased"
"""Kind of the outbox item: whoever keeps copies, such as finished exports, takes them away."""


async def promise_erased(
    tx: Transaction, workspace_id: UUID, response_id: UUID, now: datetime
) -> None:
    """Have the worker look after copies; once for each response."""
    digest = hashlib.sha256(f"erased {workspace_id} {response_id}".encode()).digest()
    id_ = UUID(bytes=digest[:16])
    await outbox.enqueue(tx, workspace_id, id=id_, kind=ERASED, payload="null", now=now)

"""What did not leave the house: the failed ones of late, along their own index, and what waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from harken_server.database.database import Database

_FAILED = """
SELECT count(*) FROM delivery
WHERE workspace_id = $1 AND state = 'failed' AND finished_at >= $2
"""
_WAITING = """
SELECT 1 FROM delivery
WHERE workspace_id = $1 AND channel = $2 AND state = 'queued' LIMIT 1
"""


async def count_failed(db: Database, workspace_id: UUID, since: datetime) -> int:
    """Deliveries that were given up since then."""
    rows = await db.fetch(_FAILED, workspace_id, since)
    return int(rows[0][0])


async def is_waiting(db: Database, workspace_id: UUID, channel: str) -> bool:
    """Whether anything of a channel waits to be sent."""
    return bool(await db.fetch(_WAITING, workspace_id, channel))

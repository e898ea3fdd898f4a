"""What stands in the outbox of a test's database."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.values import to_uuid


async def given_up(db: Database) -> list[tuple[UUID, str, str]]:
    """Id, kind and reason of what will never be done."""
    rows = await db.fetch(
        "SELECT id, kind, last_error FROM outbox"
        " WHERE finished_at IS NOT NULL AND last_error IS NOT NULL"
    )
    return [(to_uuid(row[0]), row[1], row[2]) for row in rows]

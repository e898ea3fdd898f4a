"""Find one response to change it, so that nothing else changes it meanwhile."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from harken_server.database.database import Transaction


class Found(NamedTuple):
    """A stored response under the lock of the feed."""

    position: int
    """The feed position that was taken for the change."""
    number: int
    state: str
    standing: str
    flags: str


async def find_to_change(
    tx: Transaction, workspace_id: UUID, survey_id: UUID, response_id: UUID
) -> Found | None:
    """The response, erased ones included; None when there is none."""
    # The feed first, as every commit of responses does: then nothing can change meanwhile.
    feed = await tx.execute(
        "UPDATE feed SET position = position + 1 WHERE id = 1 RETURNING position"
    )
    row = await tx.fetch_one(
        "SELECT number, state, standing, flags FROM response"
        " WHERE workspace_id = $1 AND survey_id = $2 AND id = $3",
        workspace_id,
        survey_id,
        response_id,
    )
    return None if row is None else Found(feed[0][0], *row)

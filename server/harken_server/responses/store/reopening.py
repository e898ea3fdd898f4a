"""Take a finished response up again, for an answer that may be changed by its respondent."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.responses.store.found import find_to_change
from harken_server.responses.store.standings import move_counts


async def reopen_response(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID
) -> bool:
    """Let a response take answers again; what counted is provisional until it is judged anew.

    False, with nothing changed, when there is none or it was erased.
    """
    async with db.transaction() as tx:
        found = await find_to_change(tx, workspace_id, survey_id, response_id)
        if found is None or found.state == "erased":
            return False
        is_counted = found.standing == "counted"
        if is_counted:
            await move_counts(tx, survey_id, found.number, -1)
        await tx.execute(
            "UPDATE response SET state = 'partial', completed_at = NULL, standing = $1,"
            " position = $2 WHERE number = $3",
            "provisional" if is_counted else found.standing,
            found.position,
            found.number,
        )
    return True

"""Take a finished response up again, for an answer that may be changed by its respondent."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.responses.store.standings import move_counts

_MOVE_FEED = "UPDATE feed SET position = position + 1 WHERE id = 1 RETURNING position"


async def reopen_response(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID
) -> bool:
    """Let a response take answers again; what counted is provisional until it is judged anew.

    False, with nothing changed, when there is none or it was erased.
    """
    async with db.transaction() as tx:
        # The feed first, as every commit of responses does: then nothing can change meanwhile.
        feed = await tx.execute(_MOVE_FEED)
        found = await tx.fetch_one(
            "SELECT number, state, standing FROM response"
            " WHERE workspace_id = $1 AND survey_id = $2 AND id = $3",
            workspace_id,
            survey_id,
            response_id,
        )
        if found is None or found[1] == "erased":
            return False
        is_counted = found[2] == "counted"
        if is_counted:
            await move_counts(tx, survey_id, found[0], -1)
        await tx.execute(
            "UPDATE response SET state = 'partial', completed_at = NULL, standing = $1,"
            " position = $2 WHERE number = $3",
            "provisional" if is_counted else found[2],
            feed[0][0],
            found[0],
        )
    return True

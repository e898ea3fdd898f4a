"""How many responses came since somebody looked."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.lanes import Positions, first_position
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import select_responses


async def count_came(
    db: Database, workspace_id: UUID, survey_id: UUID, chosen: CountFilter, since: Positions
) -> int:
    """Responses that the filter takes in and that came after these positions; what only changed
    is none of them. A lane that is not there counts whole."""
    selection = select_responses(workspace_id, survey_id, chosen)
    conditions, params = [selection.condition], [*selection.params]
    for lane, position in sorted(since.items()):
        params += [position, first_position(lane)]
        at, first = len(params) - 1, len(params)
        # By its number it is new; its last change lies behind as well, and that has an index.
        conditions += [
            f"(r.{column} > ${at} OR r.{column} < ${first})" for column in ("number", "position")
        ]
    sql = f"SELECT COUNT(*) FROM response r WHERE {' AND '.join(conditions)}"  # noqa: S608  # values are parameters
    return int((await db.scan(sql, *params))[0][0])


async def count_taken_in(
    db: Database, workspace_id: UUID, survey_id: UUID, chosen: CountFilter
) -> int:
    """All responses that the filter takes in, for surveys that show nobody alone."""
    return await count_came(db, workspace_id, survey_id, chosen, {})

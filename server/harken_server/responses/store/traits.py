"""What was told of people, for the dimensions that ask for it: respondents stand above responses,
so that their table is read here, and nothing else of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Executor
from harken_server.database.many_rows import among, array_of


async def read_traits(
    db: Executor, workspace_id: UUID, respondents: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The traits of each of these of whom any are known, in one query."""
    if not respondents:
        return {}
    rows = await db.fetch(
        "SELECT respondent, traits FROM respondent WHERE workspace_id = $1"  # noqa: S608  # ours
        f" AND respondent {among(db, 2, 'text')}",
        workspace_id,
        array_of(db, respondents),
    )
    return {respondent: msgspec.json.decode(traits) for respondent, traits in rows}

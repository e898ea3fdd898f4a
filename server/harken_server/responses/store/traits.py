"""What was told of people, for the dimensions that ask for it, and who was erased: respondents
stand above responses, so that these of their tables are read here, and nothing else of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.many_rows import among, array_of
from harken_server.database.values import StoredTime, to_time
from harken_server.kernel.person_names import suppression_digest


async def read_traits(
    db: Database | Transaction, workspace_id: UUID, respondents: Sequence[str]
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


async def find_erasure(db: Database, workspace_id: UUID, respondent: str) -> datetime | None:
    """When somebody of this name was erased; None when nobody was, or they were allowed again."""
    digest = suppression_digest(workspace_id, "respondent", respondent)
    row = await db.fetch_one(
        "SELECT created_at FROM suppression_digest WHERE workspace_id = $1 AND digest = $2"
        " AND reason = 'erased'",
        workspace_id,
        digest,
    )
    if row is None:
        return None
    erased_at: StoredTime = row[0]
    return to_time(erased_at)

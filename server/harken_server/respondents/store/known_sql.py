"""Respondents of many names at once, for a group of triggers: in SQL by hand.

The names are one parameter, so the statement is the same for a group of any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from harken_server.database.database import Transaction
from harken_server.database.many_rows import among, array_of


async def find_named(
    tx: Transaction, workspace_id: UUID, columns: str, names: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Rows of `columns` of the respondents, `p`, of those names."""
    return await tx.fetch(
        f"SELECT {columns} FROM respondent p"  # noqa: S608  # our own columns
        f" WHERE p.workspace_id = $1 AND p.respondent {among(tx, 2, 'text')}",
        workspace_id,
        array_of(tx, names),
    )

"""Who passed which touchpoints: every trigger is kept with its decision, asked or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from harken_server.database.database import Database
from harken_server.responses.store.selection import places_of


class Passed(NamedTuple):
    """What happened at a touchpoint."""

    triggers: int
    asked: int
    answered: int
    """Of those asked, whose personal link was answered."""


async def count_passed(
    db: Database,
    workspace_id: UUID,
    touchpoints: Mapping[str, int],
    since: datetime,
    until: datetime,
) -> dict[str, Passed]:
    """By touchpoint, of triggers from `since` on and before `until`."""
    if not touchpoints:
        return {}
    params: list[Any] = [workspace_id, since, until]
    rows = await db.scan(
        "SELECT d.touchpoint, COUNT(*), SUM(CASE WHEN d.is_asked THEN 1 ELSE 0 END),"  # noqa: S608  # values are parameters
        " COUNT(i.response_id) FROM decision d"
        " LEFT JOIN invitation i ON i.id = d.invitation_id AND i.workspace_id = d.workspace_id"
        " WHERE d.workspace_id = $1 AND d.created_at >= $2 AND d.created_at < $3"
        f" AND d.touchpoint IN ({places_of([*touchpoints], params)}) GROUP BY 1",
        *params,
    )
    return {key: Passed(*map(int, numbers)) for key, *numbers in rows}


async def count_ways(
    db: Database,
    workspace_id: UUID,
    touchpoints: Mapping[str, int],
    since: datetime,
    until: datetime,
) -> dict[int, int]:
    """How many people who are named passed exactly these stages: bits, of stage 0 the lowest.

    `touchpoints` are the numbers of their stages, below 31. A person is counted once, and each
    group of stages is one row, so that a million people take no memory.
    """
    if not touchpoints:
        return {}
    params: list[Any] = [workspace_id, since, until]
    bits = " ".join(
        f"WHEN {places_of([key], params)} THEN {1 << stage:d}" for key, stage in touchpoints.items()
    )
    rows = await db.scan(
        "SELECT stages, COUNT(*) FROM ("  # noqa: S608  # values are parameters, numbers our own
        f"SELECT d.respondent, SUM(DISTINCT CASE d.touchpoint {bits} END) AS stages"
        " FROM decision d WHERE d.workspace_id = $1 AND d.created_at >= $2 AND d.created_at < $3"
        " AND d.respondent IS NOT NULL"
        f" AND d.touchpoint IN ({places_of([*touchpoints], params)}) GROUP BY d.respondent"
        ") AS passed GROUP BY stages",
        *params,
    )
    return {int(stages): int(people) for stages, people in rows}

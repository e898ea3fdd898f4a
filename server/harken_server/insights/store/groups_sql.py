"""The counts of all groups of a breakdown, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from harken_server.database.database import Database
from harken_server.insights.store import scanned
from harken_server.insights.store.counts import TOGETHER, each_member, of_members, table_for
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import OF_SURVEY, narrow, places_of
from harken_server.responses.store.sums import sum_counts

COLUMNS = scanned.COLUMNS
"""What everything is counted by; anything else is a dimension."""


async def read_groups(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    questions: Sequence[str],
    by: str,
    rated: bool = False,
) -> dict[str, dict[str, dict[str, int]]]:
    """How often each value was given, by group and question; of counted responses.

    `by` is one of `COLUMNS`, or a dimension, whose members are the groups then; a selection of
    another member cannot be combined with it. Values of questions with parts are `part.value`.
    `rated` as with `counts.read_counts`.
    """
    if selection.is_narrowed:
        return await scanned.groups_now(
            db, workspace_id, survey_id, selection, questions=questions, by=by, rated=rated
        )
    params: list[Any] = [workspace_id, survey_id]
    table = table_for(selection, by)
    if by in COLUMNS:
        group, conditions = by, [OF_SURVEY, of_members(selection, params)]
    else:
        params.append(by)
        group, conditions = "member", [OF_SURVEY, f"dimension = ${len(params)}"]
        conditions.append(each_member(len(params), table))
    conditions.append(f"question IN ({places_of(questions, params)})")
    narrow(selection, conditions, params)
    rows = await db.fetch(
        f"SELECT {group}, question, {TOGETHER[db.dialect]} FROM {table}"  # noqa: S608  # our own words
        f" WHERE {' AND '.join(conditions)} GROUP BY 1, 2",
        *params,
    )
    found: defaultdict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for member, question, counts in rows:
        found[str(member)][question] = _present(sum_counts(counts))
    return dict(found)


def _present(counts: dict[str, int]) -> dict[str, int]:
    return {value: n for value, n in counts.items() if n > 0}

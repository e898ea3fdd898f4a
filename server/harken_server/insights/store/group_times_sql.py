"""The counts of one question by group and week, or day, in one statement."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

from harken_server.database.database import Database
from harken_server.insights.store import scanned
from harken_server.insights.store.counts import TOGETHER, each_member, of_members, table_for
from harken_server.insights.store.groups_sql import COLUMNS
from harken_server.responses.response import STORE, CountFilter
from harken_server.responses.store.selection import OF_SURVEY, narrow, places_of
from harken_server.responses.store.sums import sum_counts

Per: TypeAlias = Literal["day", "week", "whole"]
_DAYS: dict[Per, str] = {"day": "day", "week": "day - (day - 1) % 7", "whole": "MIN(day)"}
_GROUPED: dict[Per, str] = {"day": "1, 2", "week": "1, 2", "whole": "1"}


class GroupTime(NamedTuple):
    """What a group answered in a day, in an ISO week, or in all."""

    group: str
    day: int
    """A day of it, as a proleptic ordinal; the first of the week may lie before the filter's."""
    counts: dict[str, int]


async def read_group_times(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    question: str,
    by: str,
    per: Per,
) -> list[GroupTime]:
    """`by` is one of `COLUMNS`, or a dimension, whose members are the groups.

    Of counted responses, which are looked through where counts do not tell. A selection of another
    member cannot be combined with a dimension, but one of stores can with theirs.
    """
    if selection.is_narrowed:
        found = await scanned.group_days_now(
            db, workspace_id, survey_id, selection, question, by=by
        )
        return [GroupTime(group, day, counts) for (group, day), counts in found.items()]
    params: list[Any] = [workspace_id, survey_id]
    table = table_for(selection, by)
    if by in COLUMNS:
        group, conditions = by, [OF_SURVEY, of_members(selection, params)]
    else:
        params.append(by)
        group, conditions = "member", [OF_SURVEY, f"dimension = ${len(params)}"]
        if selection.stores and by == STORE:
            conditions.append(f"member IN ({places_of(selection.stores, params)})")
        else:
            conditions.append(each_member(len(params), table))
    params.append(question)
    conditions.append(f"question = ${len(params)}")
    narrow(selection, conditions, params)
    rows = await db.fetch(
        f"SELECT {group}, {_DAYS[per]}, {TOGETHER[db.dialect]} FROM {table}"  # noqa: S608  # our own words
        f" WHERE {' AND '.join(conditions)} GROUP BY {_GROUPED[per]}",
        *params,
    )
    return [GroupTime(str(name), int(at), sum_counts(text)) for name, at, text in rows]

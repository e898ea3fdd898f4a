"""What many surveys were answered lately, by weeks: read in one statement, from the counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.many_rows import among, array_of
from harken_server.responses.response import STORE
from harken_server.responses.store.sums import sum_counts


class Part(NamedTuple):
    """No more than these stores and touchpoints; of either, None is all."""

    stores: tuple[str, ...] | None = None
    touchpoints: tuple[str, ...] | None = None


EVERYTHING = Part()


class WeekCount(NamedTuple):
    """How often each value of a survey's question was given at a touchpoint in a week."""

    survey_number: int
    touchpoint: str
    week: int
    """0: the seven days that end with the last one."""
    days: frozenset[int]
    """On which there were answers, as proleptic ordinals."""
    counts: dict[str, int]
    """By the value, or by `part.value`; by nothing, people who answered one of several parts."""


async def read_weeks(
    db: Database,
    workspace_id: UUID,
    questions: Mapping[int, str],
    *,
    last_day: int,
    days: int,
    part: Part = EVERYTHING,
) -> list[WeekCount]:
    """Counts of one question a survey, by the survey's number, over `days` up to `last_day`."""
    if not questions:
        return []
    params: list[Any] = [workspace_id, last_day, last_day - days + 1]
    asked = _asked(db, questions, params)
    place = _within(db, part, params)
    rows = await db.fetch(
        f"SELECT c.survey_number, c.touchpoint, ($2 - c.day) / 7,"  # noqa: S608  # only parameter marks are put in
        f" {_GATHERED[db.dialect]} FROM {asked}"
        " CROSS JOIN survey s CROSS JOIN answer_count c"
        " WHERE s.workspace_id = $1 AND s.number = asked.number"
        " AND c.survey_number = s.number AND c.question = asked.question"
        f" AND {place} AND c.day >= $3 AND c.day <= $2"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        *params,
    )
    return [_week(*row) for row in rows]


_GATHERED = {
    "sqlite": "group_concat(DISTINCT c.day), group_concat(CAST(c.counts AS TEXT))",
    "postgres": "string_agg(DISTINCT c.day::text, ','), string_agg(c.counts::text, ',')",
}
"""Added up here: it is quicker than JSON is taken apart in SQL."""


def _asked(db: Database, questions: Mapping[int, str], params: list[Any]) -> str:
    if db.dialect == "sqlite":
        params.append(msgspec.json.encode(list(questions.items())).decode())
        pairs = f"json_each(${len(params)})"
        return f"(SELECT value ->> 0 AS number, value ->> 1 AS question FROM {pairs}) AS asked"  # noqa: S608  # a number
    params += [list(questions), list(questions.values())]
    first = len(params) - 1
    return f"unnest(${first}::int[], ${first + 1}::text[]) AS asked (number, question)"


def _within(db: Database, part: Part, params: list[Any]) -> str:
    conditions = ["c.dimension = ''", "c.member = ''"]
    if part.stores is not None:
        params.append(array_of(db, part.stores))
        member = among(db, len(params), "text")
        conditions = [f"c.dimension = '{STORE}'", f"c.member {member}"]
    if part.touchpoints is not None:
        params.append(array_of(db, part.touchpoints))
        conditions.append(f"c.touchpoint {among(db, len(params), 'text')}")
    return " AND ".join(conditions)


def _week(number: int, touchpoint: str, week: int, days: str, documents: str) -> WeekCount:
    return WeekCount(
        number, touchpoint, week, frozenset(map(int, days.split(","))), sum_counts(documents)
    )

"""What many surveys were answered lately: by weeks, and where on which days; from the counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Row
from harken_server.database.many_rows import among, array_of
from harken_server.responses.response import STORE
from harken_server.responses.store.counted import ANSWER_COUNT, DAY_COUNT
from harken_server.responses.store.sums import sum_counts


class Part(NamedTuple):
    """No more than these stores and touchpoints; of either, None is all."""

    stores: tuple[str, ...] | None = None
    touchpoints: tuple[str, ...] | None = None


EVERYTHING = Part()


class WeekCount(NamedTuple):
    """How often each value of a survey's question was given in a week."""

    survey_number: int
    week: int
    """0: the seven days that end with the last one."""
    counts: dict[str, int]
    """By the value, or by `part.value`; by nothing, people who answered one of several parts."""


class PlaceDays(NamedTuple):
    """When there were answers from a touchpoint, and a survey to which they were given."""

    touchpoint: str
    survey_number: int
    days: frozenset[int]
    """As proleptic ordinals."""


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
    params: list[Any] = [workspace_id, last_day, last_day - days + 1]
    counts = _joined(db, "c.counts")
    rows = await _read(
        db, f"c.survey_number, ($2 - c.day) / 7, {counts}", 2, questions, part, params,
        DAY_COUNT.name if part.touchpoints is None else ANSWER_COUNT.name,
    )  # fmt: skip
    return [WeekCount(number, week, sum_counts(documents)) for number, week, documents in rows]


async def read_places(
    db: Database,
    workspace_id: UUID,
    questions: Mapping[int, str],
    *,
    last_day: int,
    days: int,
    part: Part = EVERYTHING,
) -> list[PlaceDays]:
    """Of the same counts the touchpoints, in their order; answers without one are in none."""
    params: list[Any] = [workspace_id, last_day, last_day - days + 1]
    on = _joined(db, "DISTINCT c.day")
    rows = await _read(db, f"c.touchpoint, MAX(c.survey_number), {on}", 1, questions, part, params)
    return [
        PlaceDays(touchpoint, number, frozenset(map(int, text.split(","))))
        for touchpoint, number, text in rows
        if touchpoint
    ]


async def _read(  # noqa: PLR0917  # as its callers have them
    db: Database,
    columns: str,
    grouped: int,
    questions: Mapping[int, str],
    part: Part,
    params: list[Any],
    table: str = ANSWER_COUNT.name,
) -> list[Row]:
    """These columns of the counts, grouped by and in the order of the first of them."""
    if not questions:
        return []
    asked, place = _asked(db, questions, params), _within(db, part, params)
    by = ", ".join(str(number + 1) for number in range(grouped))
    return await db.fetch(
        f"SELECT {columns} FROM {asked}"  # noqa: S608  # only parameter marks are put in
        f" CROSS JOIN survey s CROSS JOIN {table} c"
        " WHERE s.workspace_id = $1 AND s.number = asked.number"
        " AND c.survey_number = s.number AND c.question = asked.question"
        f" AND {place} AND c.day >= $3 AND c.day <= $2"
        f" GROUP BY {by} ORDER BY {by}",
        *params,
    )


def _joined(db: Database, column: str) -> str:
    """Texts with commas between; added up here: quicker than JSON is taken apart in SQL."""
    return (
        f"group_concat({column})" if db.dialect == "sqlite" else f"string_agg({column}::text, ',')"
    )


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

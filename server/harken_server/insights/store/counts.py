"""Read the counts that scores are made of; their cost does not grow with the responses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Row
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.trends import ByDay, days_of
from harken_server.insights.store import scanned
from harken_server.responses.codes import NOT_ERASED
from harken_server.responses.response import STORE, CountFilter, Member
from harken_server.responses.store.counted import ANSWER_COUNT, DAY_COUNT
from harken_server.responses.store.row import split_value
from harken_server.responses.store.selection import (
    OF_SURVEY,
    narrow,
    places_of,
)
from harken_server.responses.store.sums import sum_counts

EVERYBODY: Member = ("", "")
TOGETHER = {
    "sqlite": "group_concat(CAST(counts AS TEXT))",
    "postgres": "string_agg(counts::text, ',')",
}
"""Counts of many rows, for `sum_counts`: quicker than JSON is taken apart in SQL."""
_EACH_COUNT = {"sqlite": "json_each(counts)", "postgres": "jsonb_each_text(counts)"}
_COUNT_SUM = "SUM(CAST(each_count.value AS BIGINT))"


class MemberCount(NamedTuple):
    """How many people of a member answered a question."""

    member: str
    n: int


async def read_counts(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    questions: Sequence[str] | None,
    per_day: bool,
    per_version: bool = False,
    rated: bool = False,
) -> list[CountRow]:
    """How often each value was answered, in one statement; `questions=None` takes all.

    Say that questions are all `rated`, with one rating each: a filter that no count knows is then
    answered sooner.

    The bases of questions with several parts are among them (see `counted_values`).
    Ordered by question, part and value (as text), with `per_day` by day, with `per_version` by
    version last.
    """
    if questions is not None and not questions:
        return []
    if selection.is_scanned:
        return await scanned.count_now(
            db, workspace_id, survey_id, selection, questions,
            per_day=per_day, per_version=per_version, rated=rated,
        )  # fmt: skip
    place = (workspace_id, survey_id)
    columns = f"{'day' if per_day else '0'}, {'version' if per_version else '0'}"
    return _counted(await _sums(db, place, selection, questions, columns))


async def read_days(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    questions: Sequence[str],
) -> dict[str, ByDay]:
    """How often each rating was given, by question and day; of questions with one rating each."""
    place = (workspace_id, survey_id)
    if selection.is_scanned or not questions:
        return days_of(
            await read_counts(db, *place, selection, questions=questions, per_day=True, rated=True)
        )
    found: defaultdict[str, dict[int, Mapping[int, int]]] = defaultdict(dict)
    for question, counts, day, _ in await _sums(db, place, selection, questions, "day, 0"):
        values = sum_counts(counts).items()
        given = {int(value): n for value, n in values if value.isdecimal() and n > 0}
        if given:
            found[question][day] = given
    return {**found}


async def _sums(
    db: Database,
    place: tuple[UUID, UUID],
    selection: CountFilter,
    questions: Sequence[str] | None,
    columns: str,
) -> list[Row]:
    """Of question, all its counts, and two columns by which they are told apart."""
    params: list[Any] = [*place]
    conditions = [OF_SURVEY, of_members(selection, params)]
    if questions is not None:
        conditions.append(f"question IN ({places_of(questions, params)})")
    narrow(selection, conditions, params)
    return await db.fetch(
        f"SELECT question, {TOGETHER[db.dialect]}, {columns}"  # noqa: S608  # ours
        f" FROM {table_for(selection)} WHERE {' AND '.join(conditions)} GROUP BY 1, 3, 4",
        *params,
    )


async def sum_question(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter, *, question: str
) -> dict[str, int]:
    """How often each value of one question was answered in all, of counted responses."""
    if selection.is_narrowed:
        return await scanned.sum_now(db, workspace_id, survey_id, selection, question)
    params: list[Any] = [workspace_id, survey_id]
    where = _of_everybody(selection, params)
    params.append(question)
    rows = await db.fetch(
        f"SELECT {TOGETHER[db.dialect]} FROM {table_for(selection)}"  # noqa: S608  # as above
        f" WHERE {where} AND question = ${len(params)}",
        *params,
    )
    return sum_counts(rows[0][0] or "")


async def last_day(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter
) -> int | None:
    """The newest day with an answer of a counted response; None where there is none at all."""
    if selection.is_narrowed:
        return await scanned.last_day_now(db, workspace_id, survey_id, selection)
    params: list[Any] = [workspace_id, survey_id]
    where, table = _of_everybody(selection, params), table_for(selection)
    rows = await db.fetch(
        f"SELECT question, {TOGETHER[db.dialect]}, day, 0 FROM {table}"  # noqa: S608  # as above
        f" WHERE {where} AND day = (SELECT MAX(day) FROM {table} WHERE {where})"
        " GROUP BY 1, 3",
        *params,
    )
    if not rows or _counted(rows):
        return rows[0][2] if rows else None
    earlier = msgspec.structs.replace(selection, to_day=rows[0][2] - 1)  # all of it was erased
    return await last_day(db, workspace_id, survey_id, earlier)


def _of_everybody(selection: CountFilter, params: list[Any]) -> str:
    conditions = [OF_SURVEY, of_members(selection, params)]
    narrow(selection, conditions, params)
    return " AND ".join(conditions)


def of_members(selection: CountFilter, params: list[Any]) -> str:
    """Which counts are meant: each response is counted once of all, and once in each dimension."""
    if selection.stores:
        params.append(STORE)
        return f"dimension = ${len(params)} AND member IN ({places_of(selection.stores, params)})"
    params += selection.member or EVERYBODY
    return f"dimension = ${len(params) - 1} AND member = ${len(params)}"


def table_for(selection: CountFilter, by: str = "") -> str:
    """The smaller table of counts that tells apart what the filter does, and `by`."""
    is_placed = selection.touchpoint is not None or selection.channel is not None
    if is_placed or selection.touchpoints or by in {"touchpoint", "channel"}:
        return ANSWER_COUNT.name
    return DAY_COUNT.name


def each_member(dimension: int, table: str) -> str:
    """Whether counts of the table are of a member of the dimension that parameter says.

    Always so, but told member by member, days and questions are found along the primary key.
    """
    of = f"{OF_SURVEY} AND dimension = ${dimension}"
    return (
        "member IN (WITH RECURSIVE each_member (name) AS ("  # noqa: S608  # our own words
        f"SELECT MIN(member) FROM {table} WHERE {of} UNION ALL "
        f"SELECT (SELECT MIN(member) FROM {table} WHERE {of} AND member > name)"
        " FROM each_member WHERE name IS NOT NULL"
        ") SELECT name FROM each_member WHERE name IS NOT NULL)"
    )


async def list_members(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    dimension: str,
    question: str,
) -> list[MemberCount]:
    """The members of a dimension by how many of their people answered the question, most first.

    Of counted responses only, whatever the selection's standing.
    """
    if selection.is_narrowed:
        groups = await scanned.groups_now(
            db, workspace_id, survey_id, selection, questions=[question], by=dimension
        )
        found = {name: scanned.people_in(asked[question]) for name, asked in groups.items()}
        return [MemberCount(*each) for each in sorted(found.items(), key=lambda e: (-e[1], e[0]))]
    params: list[Any] = [workspace_id, survey_id, dimension, question]
    conditions = [OF_SURVEY, "dimension = $3", "question = $4"]
    # Of several parts the base, of others every value.
    conditions.append("each_count.key NOT LIKE '%.%'")
    narrow(selection, conditions, params)
    rows = await db.fetch(
        f"SELECT member, CAST({_COUNT_SUM} AS BIGINT) FROM {table_for(selection)},"  # noqa: S608  # as above
        f" {_EACH_COUNT[db.dialect]} AS each_count WHERE {' AND '.join(conditions)}"
        f" GROUP BY member HAVING {_COUNT_SUM} > 0 ORDER BY 2 DESC, member",
        *params,
    )
    return [MemberCount(*row) for row in rows]


class FilterValues(msgspec.Struct, frozen=True):
    """Values that occur among the survey's counted answers, each sorted."""

    touchpoints: tuple[str, ...]
    channels: tuple[str, ...]
    versions: tuple[int, ...]
    """Newest first."""
    stores: tuple[str, ...] = ()
    """Those that somebody may choose among; empty: they see all."""


async def read_filter_values(
    db: Database, workspace_id: UUID, survey_id: UUID, *, stores: tuple[str, ...] = ()
) -> FilterValues:
    """Read from the counts, perhaps of some stores alone; empty names are left out.

    What several servers count is one row only when the day is over (`folding_sql`): until then a
    value is among them also when all that had it has been erased.
    """
    params: list[Any] = [workspace_id, survey_id]
    members = of_members(CountFilter(stores=stores), params)
    rows = await db.fetch(
        "SELECT DISTINCT touchpoint, channel, version FROM answer_count"  # noqa: S608  # our own words
        f" WHERE {OF_SURVEY} AND {members} AND counts <> '{{}}'",
        *params,
    )
    return FilterValues(
        tuple(sorted({str(row[0]) for row in rows if row[0]})),
        tuple(sorted({str(row[1]) for row in rows if row[1]})),
        tuple(sorted({int(row[2]) for row in rows}, reverse=True)),
    )


async def has_sample_responses(db: Database, workspace_id: UUID, survey_id: UUID) -> bool:
    """Whether a sample is among the responses of the survey."""
    rows = await db.fetch(
        f"SELECT 1 FROM response WHERE {OF_SURVEY} AND is_sample"  # noqa: S608  # ours
        f" AND {NOT_ERASED} LIMIT 1",
        workspace_id,
        survey_id,
    )
    return bool(rows)


async def shows_samples(db: Database, workspace_id: UUID) -> bool:
    """Whether a sample is among the responses of the workspace."""
    rows = await db.fetch(
        "SELECT 1 FROM response WHERE survey_number IN ("  # noqa: S608  # ours
        f"SELECT s.number FROM survey s WHERE s.workspace_id = $1) AND is_sample AND {NOT_ERASED}"
        " LIMIT 1",
        workspace_id,
    )
    return bool(rows)


def _counted(rows: Iterable[Sequence[Any]]) -> list[CountRow]:
    """Of question, all its counts, day and version."""
    counted = sorted(
        (question, *split_value(value), day, version, n)
        for question, counts, day, version in rows
        for value, n in sum_counts(counts).items()
        if n > 0
    )
    return [
        CountRow(question, part, value, n, day, version)
        for question, part, value, day, version, n in counted
    ]

"""Ratings counted by going through the responses: by what is in no count, such as the hour."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from harken_server.database.database import Database
from harken_server.http.problems import BadRequestError
from harken_server.kernel.local.zones import DAY_MS, EPOCH_DAY, HOUR_MS, Stretch
from harken_server.responses.codes import PROVED
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import OF_SURVEY, places_of, select_responses

SCAN_WITHIN_S = 20.0
"""Longer nobody waits for a number."""
MOST_ROWS = 100_000
"""Groups times ratings: of more no table is read by anybody."""
COLUMNS = ("touchpoint", "channel", "version", "locale")
"""By what responses can be grouped as they stand; anything else is a dimension."""
CLOCKS = ("weekday", "hour")
"""1 (Monday) to 7, and 0 to 23, on the wall."""
DAY = "day"
"""Of the workspace's own zone, as a proleptic ordinal; no dimension is called so."""
CHANCE = "%"
"""The probability with which somebody was asked; `NOBODY_KNOWS` of others."""
NOBODY_KNOWS = "None"
_ANSWERED = "COALESCE(r.answered_at, r.submitted_at)"
_MOMENT = {
    "sqlite": _ANSWERED,
    "postgres": f"CAST(EXTRACT(EPOCH FROM {_ANSWERED}) * 1000 AS BIGINT)",
}
_RATED = {
    "sqlite": "CROSS JOIN json_each(r.answers, '$.r') AS rated",
    "postgres": "CROSS JOIN LATERAL jsonb_each_text(r.answers -> 'r') AS rated (key, value)",
}
_HIDDEN = "COALESCE(r.answers ->> 'h', '')"
_IS_SEEN = {
    # Most responses hide nothing, which is seen without taking the document apart once more.
    "sqlite": (
        "(INSTR(r.answers, '\"h\":[') = 0"
        f" OR REPLACE({_HIDDEN}, '\"' || rated.key || '\"', '') = {_HIDDEN})"
    ),
    "postgres": "NOT COALESCE(jsonb_exists(r.answers -> 'h', rated.key), false)",
}
_MEMBER = {
    "sqlite": "COALESCE(NULLIF(r.dimensions, '') ->> CAST({} AS TEXT), '')",
    "postgres": "COALESCE(CAST(NULLIF(r.dimensions, '') AS json) ->> CAST({} AS TEXT), '')",
}
Group: TypeAlias = tuple[Any, ...]
Ratings: TypeAlias = dict[str, dict[str, int]]
"""How often each rating was given, by question."""


class Scanned(NamedTuple):
    """Of which responses of a survey."""

    db: Database
    workspace_id: UUID
    survey_id: UUID
    selection: CountFilter
    spans: Sequence[Stretch] = ()
    """Only what was answered within these, which follow each other; none: whenever."""


async def count_days(of: Scanned, questions: Sequence[str]) -> dict[int, Ratings]:
    """By the day on the wall, as a proleptic ordinal."""
    found = await _scan(of, questions, [f"{_wall(of)} / {DAY_MS} + {EPOCH_DAY}"], [])
    return {int(group[0]): ratings for group, ratings in found.items()}


async def count_hours(of: Scanned, questions: Sequence[str]) -> dict[tuple[int, int], Ratings]:
    """By the hour on the wall since 1970, and how far the wall was from UTC, in milliseconds."""
    found = await _scan(of, questions, [f"{_wall(of)} / {HOUR_MS}", _offset(of)], [])
    return {(int(hour), int(offset)): ratings for (hour, offset), ratings in found.items()}


async def count_rated(
    of: Scanned, questions: Sequence[str], *, per_day: bool, per_version: bool
) -> dict[tuple[int, int], Ratings]:
    """By day and version, as responses have them; 0 for what is not told apart."""
    groups = ["r.day" if per_day else "0", "r.version" if per_version else "0"]
    found = await _scan(of, questions, groups, [], most=None)
    return {(int(day), int(version)): ratings for (day, version), ratings in found.items()}


async def count_people(of: Scanned, questions: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many people gave each set of ratings, with commas between, by question.

    Who names no respondent is a person each time; a name that is only claimed is another person
    than the one who proved it.
    """
    chosen = select_responses(of.workspace_id, of.survey_id, of.selection)
    params = [*chosen.params]
    rated = (
        f"FROM response r {_RATED[of.db.dialect]} WHERE {chosen.condition}"
        f" AND rated.key IN ({places_of(questions, params)}) AND {_IS_SEEN[of.db.dialect]}"
    )
    together = {"sqlite": "group_concat(value)", "postgres": "string_agg(value, ',')"}
    rows = await of.db.scan(
        f"SELECT question, ratings, COUNT(*) FROM (SELECT question, {together[of.db.dialect]}"  # noqa: S608  # as below
        " AS ratings FROM (SELECT rated.key AS question, CAST(rated.value AS TEXT) AS value,"
        f" r.respondent, r.{PROVED} AS is_proved,"
        f" CASE WHEN r.respondent IS NULL THEN r.number END AS stranger {rated}) AS given"
        " GROUP BY question, respondent, is_proved, stranger) AS people GROUP BY 1, 2",
        *params,
    )
    found: dict[str, dict[str, int]] = {}
    for question, ratings, n in rows:
        found.setdefault(question, {})[ratings] = int(n)
    return found


async def count_groups(
    of: Scanned, questions: Sequence[str], by: Sequence[str], *, most: int | None = MOST_ROWS
) -> dict[tuple[str, ...], Ratings]:
    """By one of `COLUMNS`, of `CLOCKS`, `DAY`, `CHANCE` or a dimension each; empty: those that have
    no member."""
    groups, params = _grouped(of, by)
    found = await _scan(of, questions, groups, params, most=most)
    return {tuple(map(str, group)): ratings for group, ratings in found.items()}


async def count_responses(of: Scanned, by: Sequence[str]) -> dict[tuple[str, ...], int]:
    """How many responses there are, whatever they answer; by the same as `count_groups`."""
    groups, own = _grouped(of, by)
    chosen = select_responses(of.workspace_id, of.survey_id, of.selection)
    numbers = ", ".join(str(number + 1) for number in range(len(groups)))
    rows = await _read(
        of.db,
        f"SELECT {', '.join([*groups, 'COUNT(*)'])} FROM response r"  # noqa: S608  # as below
        f" WHERE {chosen.condition} GROUP BY {numbers} LIMIT {MOST_ROWS + 1}",
        [*chosen.params, *own],
        MOST_ROWS,
    )
    return {tuple(map(str, group)): int(n) for *group, n in rows}


def _grouped(of: Scanned, by: Sequence[str]) -> tuple[list[str], list[Any]]:
    """What is grouped by, and its parameters; those of the selection stand before them."""
    params: list[Any] = []
    first = len(select_responses(of.workspace_id, of.survey_id, of.selection).params)
    return [_group_by(of, name, params, first) for name in by], params


def _group_by(of: Scanned, name: str, params: list[Any], first: int) -> str:
    if name in {*COLUMNS, DAY}:
        return f"r.{name}"
    if name == CHANCE:
        return "r.probability"
    if name == "hour":
        return f"{_wall(of)} / {HOUR_MS} % 24"
    if name == "weekday":  # 1 January 1970 was a Thursday
        return f"({_wall(of)} / {DAY_MS} + 3) % 7 + 1"
    params.append(name)
    return _MEMBER[of.db.dialect].format(f"${first + len(params)}")


async def knows_chances(db: Database, workspace_id: UUID, survey_id: UUID) -> bool:
    """Whether people of the survey were asked with a known probability, by the first thousand of
    its responses that an index leads to."""
    rows = await db.fetch(
        "SELECT 1 FROM (SELECT r.probability FROM response r"  # noqa: S608  # our own words
        f" WHERE r.{OF_SURVEY} LIMIT 1000) AS taken WHERE taken.probability IS NOT NULL LIMIT 1",
        workspace_id,
        survey_id,
    )
    return bool(rows)


async def _scan(
    of: Scanned,
    questions: Sequence[str],
    groups: Sequence[str],
    own: Sequence[Any],
    *,
    most: int | None = MOST_ROWS,
) -> dict[Group, Ratings]:
    if not questions:
        return {}
    chosen = select_responses(of.workspace_id, of.survey_id, of.selection)
    params = [*chosen.params, *own]
    conditions = [chosen.condition, f"rated.key IN ({places_of(questions, params)})"]
    conditions.append(_IS_SEEN[of.db.dialect])
    if of.spans:
        moment = _MOMENT[of.db.dialect]
        conditions.append(f"{moment} >= {of.spans[0].start} AND {moment} < {of.spans[-1].end}")
    columns = ", ".join([*groups, "rated.key", "CAST(rated.value AS TEXT)"])
    numbers = ", ".join(str(number + 1) for number in range(len(groups) + 2))
    rows = await _read(
        of.db,
        f"SELECT {columns}, COUNT(*) FROM response r {_RATED[of.db.dialect]}"  # noqa: S608  # values are parameters, numbers our own
        f" WHERE {' AND '.join(conditions)} GROUP BY {numbers}"
        + ("" if most is None else f" LIMIT {most + 1}"),
        params,
        most,
    )
    found: dict[Group, Ratings] = {}
    for *group, question, value, n in rows:
        found.setdefault(tuple(group), {}).setdefault(question, {})[value] = int(n)
    return found


async def _read(
    db: Database, sql: str, params: Sequence[Any], most: int | None
) -> list[tuple[Any, ...]]:
    try:
        async with asyncio.timeout(SCAN_WITHIN_S):
            rows = await db.scan(sql, *params)
    except TimeoutError:
        raise BadRequestError(
            f"That takes longer than {SCAN_WITHIN_S:g} seconds to count, because it goes through "
            "the responses; ask for fewer days, or narrow it down.",
            code="too_much_to_read",
        ) from None
    if most is not None and len(rows) > most:
        raise BadRequestError(
            f"That has more than {most:,} numbers; ask for fewer days, for one question, or "
            "narrow it down.",
            code="too_much_to_read",
        )
    return rows


def _wall(of: Scanned) -> str:
    """The moment of answering as the clock on the wall had it, in milliseconds since 1970."""
    return f"({_MOMENT[of.db.dialect]} + {_offset(of)})"


def _offset(of: Scanned) -> str:
    """How far the wall was from UTC at the moment of answering."""
    *earlier, last = of.spans
    if not earlier:
        return str(last.offset)
    moment = _MOMENT[of.db.dialect]
    cases = " ".join(f"WHEN {moment} < {span.end} THEN {span.offset}" for span in earlier)
    return f"CASE {cases} ELSE {last.offset} END"

"""Counts of what no count tells: the responses of a filter are looked through when it is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Row
from harken_server.insights.rules.counts import CountRow
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.codes import PROVED
from harken_server.responses.response import CountFilter
from harken_server.responses.store.row import counted_values, decode_answers
from harken_server.responses.store.selection import select_responses

COLUMNS = ("touchpoint", "channel", "version")
"""What a response has one of; anything else that it may be grouped by is a dimension."""
AT_ONCE = 50
"""Responses counted in half a millisecond."""
Ratings: TypeAlias = tuple[tuple[int, int], ...]
"""Pairs of a rating and how often one person gave it."""
_members_in = msgspec.json.Decoder(dict[str, str]).decode


async def count_now(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    questions: Sequence[str] | None,
    *,
    per_day: bool,
    per_version: bool,
) -> list[CountRow]:
    """What `counts.read_counts` gives."""
    counted: Counter[tuple[str, str, str, int, int]] = Counter()
    async for some in _read(db, workspace_id, survey_id, selection, "r.day, r.version, r.answers"):
        counted.update(
            (*value, day if per_day else 0, version if per_version else 0)
            for day, version, answers in some
            for value in counted_values(decode_answers(answers))
            if questions is None or value[0] in questions
        )
    return [CountRow(*key[:3], n, *key[3:]) for key, n in sorted(counted.items())]


async def sum_now(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter, question: str
) -> dict[str, int]:
    """What `counts.sum_question` gives."""
    rows = await count_now(
        db, workspace_id, survey_id, selection, [question], per_day=False, per_version=False
    )
    return {_value_of(row.part, row.value): row.n for row in rows}


async def last_day_now(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter
) -> int | None:
    """The newest day of a response that is taken in."""
    chosen = select_responses(workspace_id, survey_id, selection)
    row = await db.scan(
        f"SELECT MAX(r.day) FROM response r WHERE {chosen.condition}",  # noqa: S608  # values are parameters
        *chosen.params,
    )
    return row[0][0]


async def groups_now(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    questions: Sequence[str],
    by: str,
) -> dict[str, dict[str, dict[str, int]]]:
    """What `groups_sql.read_groups` gives."""
    found: defaultdict[str, defaultdict[str, Counter[str]]]
    found = defaultdict(lambda: defaultdict(Counter))
    columns = f"{_column_of(by)}, r.answers"
    async for some in _read(db, workspace_id, survey_id, selection, columns):
        for told, answers in some:
            group = _group_of(told, by)
            if group is None:
                continue
            for question, part, value in counted_values(decode_answers(answers)):
                if question in questions:
                    found[group][question][_value_of(part, value)] += 1
    return {
        group: {question: dict(counts) for question, counts in asked.items()}
        for group, asked in found.items()
    }


async def group_days_now(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    question: str,
    *,
    by: str,
) -> dict[tuple[str, int], dict[str, int]]:
    """How often each value of one question was given, by group and day."""
    found: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    columns = f"{_column_of(by)}, r.day, r.answers"
    async for some in _read(db, workspace_id, survey_id, selection, columns):
        for told, day, answers in some:
            group = _group_of(told, by)
            if group is None:
                continue
            for key, part, value in counted_values(decode_answers(answers)):
                if key == question:
                    found[group, int(day)][_value_of(part, value)] += 1
    return {place: dict(counts) for place, counts in found.items()}


def people_in(counts: dict[str, int]) -> int:
    """How many answered a question: of several parts the base, of others every value."""
    return sum(n for value, n in counts.items() if "." not in value)


def _value_of(part: str, value: str) -> str:
    return f"{part}.{value}" if part else value


def _column_of(by: str) -> str:
    return f"r.{by}" if by in COLUMNS else "r.dimensions"


def _group_of(told: object, by: str) -> str | None:
    if by in COLUMNS:
        return str(told)
    return _members_in(str(told)).get(by) if told else None


async def _read(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter, columns: str
) -> AsyncGenerator[list[Row]]:
    """Rows a few at a time; of what may be very much never all at once."""
    chosen = select_responses(workspace_id, survey_id, selection)
    sql = f"SELECT {columns} FROM response r WHERE {chosen.condition}"  # noqa: S608  # our own words
    params: tuple[Any, ...] = chosen.params
    if not selection.is_narrowed:
        async for some in pieces_of(await db.scan(sql, *params), AT_ONCE):
            yield list(some)
        return
    async with aclosing(db.stream(sql, *params)) as chunks:
        async for chunk in chunks:
            async for some in pieces_of(chunk, AT_ONCE):
                yield list(some)


async def people_by_ratings(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    questions: Sequence[str],
) -> dict[str, Counter[Ratings]]:
    """How many people gave each set of ratings, by question; one person at a time is in memory.

    Who names no respondent is a person each time; a name that is only claimed is another person
    than the one who proved it.
    """
    chosen = select_responses(workspace_id, survey_id, selection)
    sql = (
        f"SELECT r.respondent, r.{PROVED}, r.answers FROM response r WHERE {chosen.condition}"  # noqa: S608  # values are parameters
        " ORDER BY 1, 2"
    )
    found: defaultdict[str, Counter[Ratings]] = defaultdict(Counter)
    own: dict[str, Counter[int]] = {}
    person: tuple[object, object] | None = None
    async with aclosing(db.stream(sql, *chosen.params)) as chunks:
        async for chunk in chunks:
            async for some in pieces_of(chunk, AT_ONCE):
                for respondent, is_proved, answers in some:
                    if respondent is None or (respondent, is_proved) != person:
                        _end_person(found, own)
                        own, person = {}, (respondent, is_proved)
                    for question, part, value in counted_values(decode_answers(answers)):
                        if question in questions and not part and value.isdecimal():
                            own.setdefault(question, Counter())[int(value)] += 1
    _end_person(found, own)
    return found


def _end_person(found: dict[str, Counter[Ratings]], own: dict[str, Counter[int]]) -> None:
    for question, ratings in own.items():
        found[question][tuple(sorted(ratings.items()))] += 1

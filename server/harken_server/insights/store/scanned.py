"""Counts of what no count tells: the responses of a filter are looked through when it is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from typing import TypeAlias, TypeVar
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Row
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.store.scan_sql import (
    DAY,
    Scanned,
    count_groups,
    count_people,
    count_rated,
)
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.response import CountFilter
from harken_server.responses.store.row import split_value
from harken_server.responses.store.selection import select_responses

COLUMNS = ("touchpoint", "channel", "version")
"""What a response has one of; anything else that it may be grouped by is a dimension."""
CHUNK, AT_ONCE = 2_000, 250
"""Responses read at once, and counted in half a millisecond."""
Ratings: TypeAlias = tuple[tuple[int, int], ...]
"""Pairs of a rating and how often one person gave it."""
_Group = TypeVar("_Group")
_members_in = msgspec.json.Decoder(dict[str, str]).decode


class _Document(msgspec.Struct, gc=False):
    """What of a document is counted (`responses.store.row`)."""

    ratings: dict[str, int] = msgspec.field(default={}, name="r")
    choices: dict[str, str] = msgspec.field(default={}, name="c")
    hidden: tuple[str, ...] = msgspec.field(default=(), name="h")


_decode = msgspec.json.Decoder(list[_Document]).decode


async def count_now(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    questions: Sequence[str] | None,
    *,
    per_day: bool,
    per_version: bool,
    rated: bool = False,
) -> list[CountRow]:
    """What `counts.read_counts` gives; `rated` questions are added up by the database."""
    if rated and questions is not None:
        of = Scanned(db, workspace_id, survey_id, selection)
        found = await count_rated(of, questions, per_day=per_day, per_version=per_version)
        told = sorted(
            (question, "", value, day, version, n)
            for (day, version), asked in found.items()
            for question, counts in asked.items()
            for value, n in counts.items()
        )
        return _count_rows(told)
    counted: Counter[tuple[tuple[int, int], str, str]] = Counter()
    columns = f"{'r.day' if per_day else '0'}, {'r.version' if per_version else '0'}"
    async for groups, documents in _read(db, workspace_id, survey_id, selection, columns):
        counted.update(_values(groups, documents, questions))
    told = sorted(
        (question, *split_value(value), day, version, n)
        for ((day, version), question, value), n in counted.items()
    )
    return _count_rows(told)


def _count_rows(told: Sequence[tuple[str, str, str, int, int, int]]) -> list[CountRow]:
    return [
        CountRow(question, part, value, n, day, version)
        for question, part, value, day, version, n in told
    ]


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
    rated: bool = False,
) -> dict[str, dict[str, dict[str, int]]]:
    """What `groups_sql.read_groups` gives; `rated` questions are added up by the database."""
    if rated:
        of = Scanned(db, workspace_id, survey_id, selection)
        told = {
            group[0]: asked for group, asked in (await count_groups(of, questions, [by])).items()
        }
        return {group: asked for group, asked in told.items() if group or by in COLUMNS}
    counted: Counter[tuple[str, str, str]] = Counter()
    column = f"r.{by}" if by in COLUMNS else "r.dimensions"
    async for columns, documents in _read(db, workspace_id, survey_id, selection, column):
        told = [_group_of(value, by) for (value,) in columns]
        known = [
            (group, each) for group, each in zip(told, documents, strict=True) if group is not None
        ]
        counted.update(
            _values([group for group, _ in known], [each for _, each in known], questions)
        )
    found: defaultdict[str, defaultdict[str, dict[str, int]]]
    found = defaultdict(lambda: defaultdict(dict))
    for (group, question, value), n in counted.items():
        found[group][question][value] = n
    return {group: dict(asked) for group, asked in found.items()}


async def group_days_now(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    question: str,
    *,
    by: str,
) -> dict[tuple[str, int], dict[str, int]]:
    """How often each rating was given to one question, by group and day."""
    of = Scanned(db, workspace_id, survey_id, selection)
    found = await count_groups(of, [question], [by, DAY], most=None)
    return {
        (group, int(day)): asked[question]
        for (group, day), asked in found.items()
        if question in asked and (group or by in COLUMNS)
    }


def people_in(counts: dict[str, int]) -> int:
    """How many answered a question: of several parts the base, of others every value."""
    return sum(n for value, n in counts.items() if "." not in value)


def _value_of(part: str, value: str) -> str:
    return f"{part}.{value}" if part else value


def _group_of(told: object, by: str) -> str | None:
    if by in COLUMNS:
        return str(told)
    return _members_in(str(told)).get(by) if told else None


async def _read(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter, columns: str
) -> AsyncGenerator[tuple[list[Row], list[_Document]]]:
    """The columns and the documents of some rows at a time, never of very many at once."""
    chosen = select_responses(workspace_id, survey_id, selection)
    sql = f"SELECT CAST(r.answers AS TEXT), {columns} FROM response r WHERE {chosen.condition}"  # noqa: S608  # our own words
    async with aclosing(db.stream(sql, *chosen.params, chunk=CHUNK)) as chunks:
        async for chunk in chunks:
            async for rows in pieces_of(chunk, AT_ONCE):
                documents = _decode(f"[{','.join([row[0] for row in rows])}]")
                yield [tuple(row[1:]) for row in rows], documents


def _values(
    groups: Sequence[_Group], documents: Sequence[_Document], questions: Sequence[str] | None
) -> Iterator[tuple[_Group, str, str]]:
    """Group, question and value as `responses.store.row.counted_values` counts them."""
    for group, document in zip(groups, documents, strict=True):
        given: dict[str, int | str] = {**document.choices, **document.ratings}
        bases: set[str] = set()
        for name, value in given.items():
            question, dot, part = name.partition(".")
            if question in document.hidden or (questions is not None and question not in questions):
                continue
            yield group, question, f"{part}.{value}" if dot else str(value)
            if dot and question not in bases:
                bases.add(question)
                yield group, question, ""


async def people_by_ratings(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    questions: Sequence[str],
) -> dict[str, Counter[Ratings]]:
    """How many people gave each set of ratings, by question."""
    counted = await count_people(Scanned(db, workspace_id, survey_id, selection), questions)
    found: defaultdict[str, Counter[Ratings]] = defaultdict(Counter)
    for question, people in counted.items():
        for text, n in people.items():
            ratings = Counter(int(each) for each in text.split(",") if each.isdecimal())
            found[question][tuple(sorted(ratings.items()))] += n
    return found

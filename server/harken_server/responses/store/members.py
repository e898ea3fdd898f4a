"""Move stored responses, and their counts with them, to the members that they have now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.lanes import lane_of
from harken_server.database.many_rows import among, array_of
from harken_server.responses.codes import STANDINGS, claimed_names
from harken_server.responses.store.counted import COUNT_TABLES, Counts
from harken_server.responses.store.persons_sql import read_traits
from harken_server.responses.store.read import read_feed
from harken_server.responses.store.row import decode_answers, encode_members, members_of
from harken_server.responses.store.selection import OF_SURVEY
from harken_server.responses.store.variety_sql import read_members
from harken_server.workspaces.rules.dimensions import (
    admit_member,
    claimed_dimensions,
    find_members,
)
from harken_server.workspaces.store.dimensions import Declaration, get_declaration, note_filling

BATCH = 100
"""Responses that are changed in one transaction: writers wait for as long as that takes."""

_COUNT = """
SELECT count(*) FROM response
WHERE survey_number IN (SELECT number FROM survey WHERE workspace_id = $1)
"""
_PASSED = f"SELECT r.number, r.position FROM response r WHERE r.{OF_SURVEY}"  # noqa: S608  # ours
# In the order in which writers lock them.
_HELD = f"""
SELECT number, survey_number, version, touchpoint, channel, day, standing, proof, respondent,
  context, claimed, dimensions, answers
FROM response
WHERE +{OF_SURVEY} AND number {{among}} AND COALESCE(block, 0) = 0 ORDER BY number {{lock}}
"""  # noqa: S608  # our own words
# `+`: rows are found by their numbers, not by going through the survey.
_SQLITE_CHANGE = f"""
UPDATE response SET dimensions = json_extract(new.value, '$[1]') FROM json_each($3) AS new
WHERE +response.{OF_SURVEY} AND response.number = json_extract(new.value, '$[0]')
"""  # noqa: S608  # our own words
_POSTGRES_CHANGE = f"""
UPDATE response SET dimensions = new.dimensions
FROM unnest($3::bigint[], $4::text[]) AS new (number, dimensions)
WHERE response.{OF_SURVEY} AND response.number = new.number
"""  # noqa: S608  # our own words
_SQLITE_REMOVE = "DELETE FROM {table} WHERE {of_survey} AND dimension = $3 AND counts = '{{}}'"
# Only what adds up to nothing over the lanes goes, so that no count changes; and only rows that no
# writer has just now, so that nobody waits for another in a circle. `ctid` is where a row lies:
# held against everybody until the end, it stays there.
_POSTGRES_REMOVE = """
WITH held AS MATERIALIZED (
  SELECT {apart}, counts, ctid AS place FROM {table}
  WHERE {of_survey} AND dimension = $3 FOR UPDATE SKIP LOCKED
), kept AS (
  SELECT {apart} FROM held, jsonb_each_text(counts) AS one (value, n)
  GROUP BY {apart}, value HAVING SUM(CAST(n AS BIGINT)) <> 0
)
DELETE FROM {table} WHERE ctid = ANY(ARRAY(
  SELECT place FROM held WHERE ({apart}) NOT IN (SELECT {apart} FROM kept)
))
"""


class _Held(NamedTuple):
    """A response that nobody else can change until the transaction ends."""

    number: int
    survey_number: int
    version: int
    touchpoint: str
    channel: str
    day: int
    standing: int
    proof: int
    respondent: str | None
    context: str
    claimed: str
    dimensions: str
    answers: str


async def count_responses(db: Database, workspace_id: UUID) -> int:
    """How many responses the workspace has, erased ones included."""
    return (await db.fetch(_COUNT, workspace_id))[0][0]


async def fill_next(db: Database, workspace_id: UUID, survey_id: UUID, task: UUID) -> bool:
    """Fill the next responses of a survey, in one transaction.

    False when there are no more, or when this task fills nothing any more. Of two that do so at
    once both look at the same ones, and the second finds nothing to change.
    """
    declaration = await get_declaration(db, workspace_id)
    if declaration.task != task:
        return False
    reached = {lane_of(last): last for last in declaration.reached.get(survey_id.hex, ())}
    found = await read_feed(db, _PASSED, (workspace_id, survey_id), reached, BATCH)
    if not found:
        return False
    reached |= {lane_of(position): position for _, position in found}
    last = sorted(reached.values())
    async with db.transaction() as tx:
        if not await note_filling(
            tx, workspace_id, task, survey_id=survey_id, reached=last, n=len(found)
        ):
            return False
        held = await _hold(tx, workspace_id, survey_id, [number for number, _ in found])
        await _fill(tx, (workspace_id, survey_id), declaration, held)
    return True


async def remove_empty(
    db: Database, workspace_id: UUID, survey_id: UUID, dimensions: Collection[str]
) -> None:
    """Remove counts of these dimensions that have come to nothing."""
    remove = _SQLITE_REMOVE if db.dialect == "sqlite" else _POSTGRES_REMOVE
    for table in COUNT_TABLES:
        sql = remove.format(table=table.name, apart=table.apart, of_survey=OF_SURVEY)
        for dimension in dimensions:
            await db.execute(sql, workspace_id, survey_id, dimension)


async def _hold(
    tx: Transaction, workspace_id: UUID, survey_id: UUID, numbers: Sequence[int]
) -> list[_Held]:
    lock = "" if tx.dialect == "sqlite" else "FOR UPDATE"  # nobody else writes to SQLite meanwhile
    select = _HELD.format(among=among(tx, 3, "bigint"), lock=lock)
    rows = await tx.fetch(select, workspace_id, survey_id, array_of(tx, numbers))
    return [_Held(*row) for row in rows]


async def _fill(
    tx: Transaction, owner: tuple[UUID, UUID], declaration: Declaration, held: Sequence[_Held]
) -> None:
    wanted = [each for each in declaration.declared if each.name in declaration.filling]
    proved: list[str] = []
    if any(each.source == "trait" for each in wanted):
        proved = sorted({one.respondent for one in held if one.proof and one.respondent})
    traits = await read_traits(tx, owner[0], proved)
    counts = Counts()
    counted = {one.name: await read_members(tx, *owner, one.name) for one in wanted}
    changes: list[tuple[int, str]] = []
    for one in held:
        before = dict(members_of(one.dimensions)) if one.dimensions else {}
        kept = {name: member for name, member in before.items() if name not in declaration.filling}
        told: Mapping[str, Any] = traits.get(one.respondent or "", {}) if one.proof else {}
        context = msgspec.json.decode(one.context)
        now = kept | find_members(wanted, context, told)
        for name in claimed_dimensions(wanted, claimed_names(one.claimed, context)) & now.keys():
            now[name] = admit_member(now[name], counted[name])
        if now != before:
            changes.append((one.number, encode_members(now)))
            _move(counts, one, changes[-1][1])
    if changes:
        await _change(tx, owner, changes)
        await counts.store(tx, lane=0)


def _move(counts: Counts, one: _Held, dimensions: str) -> None:
    if STANDINGS[one.standing] != "counted":
        return
    group = (one.survey_number, one.version, one.touchpoint, one.channel, one.day)
    answers = decode_answers(one.answers)
    counts.add(group, one.dimensions, answers, -1)
    counts.add(group, dimensions, answers, 1)


async def _change(
    tx: Transaction, owner: tuple[UUID, UUID], changes: Sequence[tuple[int, str]]
) -> None:
    if tx.dialect == "sqlite":
        await tx.execute(_SQLITE_CHANGE, *owner, msgspec.json.encode(changes).decode())
    else:
        await tx.execute(_POSTGRES_CHANGE, *owner, *zip(*changes, strict=True))

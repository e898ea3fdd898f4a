"""Prove that the counts are what the answers say."""

from __future__ import annotations

from collections import defaultdict
from contextlib import aclosing
from typing import NamedTuple, TypeAlias
from uuid import UUID

from harken_server.database.database import Database, Row
from harken_server.database.opening import Snapshot
from harken_server.responses.codes import COUNTED
from harken_server.responses.store.row import (
    counted_values,
    decode_answers,
    decode_counts,
    members_of,
)
from harken_server.responses.store.selection import OF_SURVEY

# All in one statement, so all from one snapshot. Responses have NULL where counts have a value.
# The day of an answer is that of its workspace's zone at the time; on no clock of the world is it
# further than one from the day in UTC: a response that is differs too.
_UTC_DAYS = {
    "sqlite": "COALESCE(answered_at, submitted_at) / 86400000 + 719163",
    "postgres": "CAST(COALESCE(answered_at, submitted_at) AT TIME ZONE 'UTC' AS date)"
    " - date '0001-01-01' + 1",
}
_DAYS = {
    dialect: f"CASE WHEN ABS(day - ({utc})) <= 1 THEN day ELSE {utc} END"
    for dialect, utc in _UTC_DAYS.items()
}
_ALL = f"""
SELECT version, touchpoint, channel, {{day}}, dimensions, CAST(answers AS TEXT),
  NULL AS question, NULL AS counts, 0 AS is_sum
FROM response WHERE {OF_SURVEY} AND {COUNTED}
UNION ALL
SELECT version, touchpoint, channel, day, dimension, member, question, CAST(counts AS TEXT), 0
FROM answer_count WHERE {OF_SURVEY}
UNION ALL
SELECT version, '', '', day, dimension, member, question, CAST(counts AS TEXT), 1
FROM day_count WHERE {OF_SURVEY}
"""  # noqa: S608  # our own words
_Counted: TypeAlias = tuple[str, str, str, str, str, int, int, str, str]
_Counts: TypeAlias = defaultdict[_Counted, int]


class CountDifference(NamedTuple):
    """A count that is not what the answers say."""

    dimension: str
    member: str
    question: str
    part: str
    value: str
    version: int
    day: int
    touchpoint: str | None
    """None: of all touchpoints and channels together."""
    channel: str | None
    counted: int
    found: int


async def recount(
    db: Database | Snapshot, workspace_id: UUID, survey_id: UUID
) -> list[CountDifference]:
    """Counts that differ from a fresh count of the answers, both seen at the same moment.

    A sum over touchpoints is told where it is neither what the answers say nor what the counts add
    up to: otherwise these were told.
    """
    counted, sums, found = _Counts(int), _Counts(int), _Counts(int)
    every = db.stream(_ALL.format(day=_DAYS[db.dialect]), workspace_id, survey_id)
    async with aclosing(every) as chunks:
        async for rows in chunks:
            for row in rows:
                _add_row(row, sums if row[-1] else counted, found)
    kept, true = _summed(counted), _summed(found)
    return [
        *(
            CountDifference(*key, counted[key], found[key])
            for key in sorted({*counted, *found})
            if counted[key] != found[key]
        ),
        *(
            CountDifference(*key[:-2], None, None, sums[key], true[key])
            for key in sorted({*sums, *true})
            if sums[key] not in {true[key], kept[key]}
        ),
    ]


def _add_row(row: Row, counted: _Counts, found: _Counts) -> None:
    version, touchpoint, channel, day, name, said, question, counts, _ = row
    place = version, day, touchpoint, channel
    if question is not None:
        for part, value, n in decode_counts(counts):
            counted[name, said, question, part, value, *place] += n
        return
    answers = counted_values(decode_answers(said))
    for of in [("", ""), *(members_of(name) if name else ())]:
        for answer in answers:
            found[*of, *answer, *place] += 1


def _summed(counts: _Counts) -> _Counts:
    """The same over all touchpoints and channels."""
    sums = _Counts(int)
    for key, n in counts.items():
        sums[*key[:-2], "", ""] += n
    return sums

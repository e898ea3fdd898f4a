"""The newest texts of many surveys, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.many_rows import among, array_of
from harken_server.insights.store.comments import Comment, comments_of
from harken_server.insights.store.weeks_sql import EVERYTHING, Part
from harken_server.responses.codes import COUNTED, NOT_ERASED
from harken_server.responses.response import STORE

LOOKED_AT = 20
"""The newest texts of each survey that are looked at: some answer no question asked for here."""
LOOKED_AT_IN_PART = 200
"""The same where only those of some places are wanted."""


class Wanted(NamedTuple):
    """A survey, the questions whose texts are wanted, and the one whose rating stands beside."""

    number: int
    questions: tuple[str, ...]
    rated: str | None


class LatestComment(NamedTuple):
    """A comment, and the number of its survey."""

    survey_number: int
    comment: Comment


async def latest_comments(
    db: Database,
    workspace_id: UUID,
    surveys: Sequence[Wanted],
    *,
    limit: int,
    part: Part = EVERYTHING,
) -> list[LatestComment]:
    """Visible texts of counted responses, latest changed first: along the index of each survey."""
    by_number = {each.number: each for each in surveys if each.questions}
    if not by_number:
        return []
    params: list[Any] = [workspace_id]
    within = _within(db, part, params)
    most = LOOKED_AT if part == EVERYTHING else LOOKED_AT_IN_PART
    each = [_NEWEST.format(number=number, most=most) for number in by_number]
    rows = await db.fetch(
        f"SELECT * FROM ({' UNION ALL '.join(each)}) AS r WHERE {within}"  # noqa: S608  # numbers and parameter marks
        f" ORDER BY r.updated_at DESC, r.number DESC LIMIT {limit * LOOKED_AT:d}",
        *params,
    )
    found: list[LatestComment] = []
    for row in rows:
        wanted = by_number[row[-1]]
        found += [
            LatestComment(wanted.number, comment)
            for comment in comments_of(row, wanted.questions, wanted.rated)
        ]
        if len(found) >= limit:
            break
    return found[:limit]


_NEWEST = f"""
SELECT * FROM (
  SELECT r.updated_at, r.id, COALESCE(r.answered_at, r.submitted_at) AS answered, r.touchpoint,
    r.channel, r.is_sample, r.answers, r.number, r.dimensions, r.survey_number
  FROM response r WHERE r.survey_number = (
    SELECT s.number FROM survey s WHERE s.workspace_id = $1 AND s.number = {{number:d}}
  ) AND r.{NOT_ERASED} AND r.{COUNTED} AND r.has_text
  ORDER BY r.updated_at DESC, r.number DESC LIMIT {{most:d}}
) AS newest_{{number:d}}
"""  # noqa: S608  # our own words
_MEMBER = {
    "sqlite": "CASE WHEN r.dimensions <> '' THEN r.dimensions ->> '{}' END",
    "postgres": "CASE WHEN r.dimensions <> '' THEN r.dimensions::jsonb ->> '{}' END",
}


def _within(db: Database, part: Part, params: list[Any]) -> str:
    conditions: list[str] = []
    if part.stores is not None:
        params.append(array_of(db, part.stores))
        member = _MEMBER[db.dialect].format(STORE)
        conditions.append(f"{member} {among(db, len(params), 'text')}")
    if part.touchpoints is not None:
        params.append(array_of(db, part.touchpoints))
        conditions.append(f"r.touchpoint {among(db, len(params), 'text')}")
    return " AND ".join(conditions) or "TRUE"

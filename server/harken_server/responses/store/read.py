"""Read responses, erase one, and prove that the counts are right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from harken_server.database.database import Database, Row
from harken_server.database.values import to_bool, to_time, to_uuid
from harken_server.responses.response import Standing, StoredResponse
from harken_server.responses.store.answers_sql import answers_document, decode_answers
from harken_server.responses.store.found import find_to_change
from harken_server.responses.store.standings import move_counts

_FIELDS = StoredResponse.__struct_fields__
_CONVERSIONS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    *((name, to_uuid) for name in ("id", "survey_id", "invitation_id")),
    *((name, to_time) for name in ("started_at", "submitted_at", "updated_at", "completed_at")),
    *((name, to_bool) for name in ("is_sample", "is_verified")),
    ("flags", lambda flags: tuple(flags.split())),
    ("answers", lambda document: sorted(decode_answers(document), key=lambda row: row[:2])),
)


def selected(db: Database) -> str:
    """The columns of `response r` that `stored_response` takes, in its order."""
    return ", ".join([*(f"r.{name}" for name in _FIELDS[:-1]), answers_document(db)])


def stored_response(row: Row) -> StoredResponse:
    """The response of a row; its answers are in the order of question and part."""
    values = dict(zip(_FIELDS, row, strict=True))
    for name, convert in _CONVERSIONS:
        values[name] = convert(values[name])
    return StoredResponse(**values)


_RECOUNT = """
SELECT question, part, value, version, touchpoint, channel, day,
  CAST(SUM(counted) AS BIGINT), CAST(SUM(found) AS BIGINT)
FROM (
  SELECT question, part, value, version, touchpoint, channel, day, n AS counted, 0 AS found
  FROM answer_count WHERE workspace_id = $1 AND survey_id = $2
  UNION ALL
  SELECT a.question, a.part, COALESCE(CAST(a.rating AS TEXT), a.choice), r.version, r.touchpoint,
    r.channel, r.day, 0, 1
  FROM response r JOIN answer a ON a.response_number = r.number
  WHERE r.workspace_id = $1 AND r.survey_id = $2 AND r.standing = 'counted'
    AND NOT CAST(a.is_hidden AS BOOLEAN) AND (a.rating IS NOT NULL OR a.choice IS NOT NULL)
  UNION ALL
  SELECT a.question, '', '', r.version, r.touchpoint, r.channel, r.day, 0,
    COUNT(DISTINCT a.response_number)
  FROM response r JOIN answer a ON a.response_number = r.number
  WHERE r.workspace_id = $1 AND r.survey_id = $2 AND r.standing = 'counted'
    AND NOT CAST(a.is_hidden AS BOOLEAN) AND a.part <> ''
  GROUP BY a.question, r.version, r.touchpoint, r.channel, r.day
) AS both_sides
GROUP BY question, part, value, version, touchpoint, channel, day
HAVING SUM(counted) <> SUM(found)
ORDER BY question, part, value, version, touchpoint, channel, day
"""


class CountDifference(NamedTuple):
    """A count that is not what the answers say."""

    question: str
    part: str
    value: str
    version: int
    touchpoint: str
    channel: str
    day: int
    counted: int
    found: int


async def get_response(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID
) -> StoredResponse | None:
    """One response with its answers, from one snapshot; an erased one is an empty tombstone."""
    row = await db.fetch_one(
        f"SELECT {selected(db)} FROM response r"  # noqa: S608  # only our own column lists
        " WHERE r.workspace_id = $1 AND r.survey_id = $2 AND r.id = $3",
        workspace_id,
        survey_id,
        response_id,
    )
    return None if row is None else stored_response(row)


async def list_responses(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    *,
    after: int,
    limit: int,
    standing: Standing | None = None,
) -> list[StoredResponse]:
    """Responses changed after a position, in the order of their latest change; erased ones too.

    With a `standing` only those that have it now.
    """
    params: list[object] = [workspace_id, survey_id, after, limit]
    also = ""
    if standing is not None:
        params.append(standing)
        also = "AND r.standing = $5"
    rows = await db.fetch(
        f"SELECT {selected(db)} FROM response r"  # noqa: S608  # only our own column lists
        f" WHERE r.workspace_id = $1 AND r.survey_id = $2 AND r.position > $3 {also}"
        " ORDER BY r.position LIMIT $4",
        *params,
    )
    return [stored_response(row) for row in rows]


async def erase_response(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID
) -> bool:
    """Blank a response for ever and lower the counts; False when there is none.

    Its id stays taken, so no late repeat brings it back. Erasing again changes nothing.
    """
    async with db.transaction() as tx:
        found = await find_to_change(tx, workspace_id, survey_id, response_id)
        if found is None or found.state == "erased":
            return found is not None
        if found.standing == "counted":
            await move_counts(tx, survey_id, found.number, -1)
        await tx.execute("DELETE FROM answer WHERE response_number = $1", found.number)
        await tx.execute(
            "UPDATE response SET state = 'erased', position = $1, digest = '', locale = '', "
            "respondent = NULL, invitation_id = NULL, context = '{}', started_at = NULL, "
            "is_verified = $3, flags = '' "
            "WHERE number = $2",
            found.position,
            found.number,
            False,
        )
    return True


async def recount(db: Database, workspace_id: UUID, survey_id: UUID) -> list[CountDifference]:
    """Counts that differ from a fresh count of the answers, both seen at the same moment."""
    rows = await db.fetch(_RECOUNT, workspace_id, survey_id)
    return [CountDifference(*row) for row in rows]

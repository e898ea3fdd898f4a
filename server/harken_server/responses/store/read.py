"""Read responses, erase one, and prove that the counts are right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from harken_server.database.database import Database, Row
from harken_server.database.rows import StoredBool, StoredId, StoredTime
from harken_server.database.values import to_bool, to_time, to_uuid
from harken_server.responses.response import ResponseState, Standing, StoredResponse
from harken_server.responses.store.standings import move_counts
from harken_server.surveys.answers.typed_rows import AnswerRow


class _ResponseRow(NamedTuple):
    """The selected columns of `response`, in order."""

    id: StoredId
    survey_id: StoredId
    version: int
    position: int
    state: ResponseState
    sequence: int
    digest: str
    touchpoint: str
    channel: str
    locale: str
    respondent: str | None
    invitation_id: StoredId | None
    context: str
    started_at: StoredTime | None
    submitted_at: StoredTime
    updated_at: StoredTime
    completed_at: StoredTime | None
    is_sample: StoredBool
    is_verified: StoredBool
    standing: Standing
    flags: str


_WIDTH = len(_ResponseRow._fields)
POSITION = _ResponseRow._fields.index("position")
"""Where a selected row has its feed position."""
SELECTED = ", ".join(
    [f"r.{name}" for name in _ResponseRow._fields] + [f"a.{name}" for name in AnswerRow._fields]
)
"""What to select; rows of one response must be neighbours."""

_GET = f"""
SELECT {SELECTED}
FROM response r LEFT JOIN answer a ON a.response_number = r.number
WHERE r.workspace_id = $1 AND r.survey_id = $2 AND r.id = $3
ORDER BY a.question, a.part
"""  # noqa: S608  # only our own column lists
_LIST = f"""
WITH page AS (
  SELECT * FROM response
  WHERE workspace_id = $1 AND survey_id = $2 AND position > $3 {{also}} ORDER BY position LIMIT $4
)
SELECT {SELECTED}
FROM page r LEFT JOIN answer a ON a.response_number = r.number
ORDER BY r.position, a.question, a.part
"""  # noqa: S608  # only our own column lists
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
    rows = await db.fetch(_GET, workspace_id, survey_id, response_id)
    return next(iter(responses_of(rows)), None)


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
        also = "AND standing = $5"
    return responses_of(await db.fetch(_LIST.format(also=also), *params))


async def erase_response(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID
) -> bool:
    """Blank a response for ever and lower the counts; False when there is none.

    Its id stays taken, so no late repeat brings it back. Erasing again changes nothing.
    """
    async with db.transaction() as tx:
        # The feed first, as every commit of responses does: then nothing can change meanwhile.
        feed = await tx.execute(
            "UPDATE feed SET position = position + 1 WHERE id = 1 RETURNING position"
        )
        found = await tx.fetch_one(
            "SELECT number, version, touchpoint, channel, day, state, standing FROM response "
            "WHERE workspace_id = $1 AND survey_id = $2 AND id = $3",
            workspace_id,
            survey_id,
            response_id,
        )
        if found is None or found[5] == "erased":
            return found is not None
        if found[6] == "counted":
            await move_counts(tx, survey_id, found[0], -1)
        await tx.execute("DELETE FROM answer WHERE response_number = $1", found[0])
        await tx.execute(
            "UPDATE response SET state = 'erased', position = $1, digest = '', locale = '', "
            "respondent = NULL, invitation_id = NULL, context = '{}', started_at = NULL, "
            "is_verified = $3, flags = '' "
            "WHERE number = $2",
            feed[0][0],
            found[0],
            False,
        )
    return True


async def recount(db: Database, workspace_id: UUID, survey_id: UUID) -> list[CountDifference]:
    """Counts that differ from a fresh count of the answers, both seen at the same moment."""
    rows = await db.fetch(_RECOUNT, workspace_id, survey_id)
    return [CountDifference(*row) for row in rows]


def responses_of(rows: Iterable[Row]) -> list[StoredResponse]:
    """Whole responses; neighbours with the same id are one."""
    found: list[StoredResponse] = []
    last_id: Any = None
    for row in rows:
        if not found or row[0] != last_id:
            last_id = row[0]
            found.append(_response(row))
        answer = row[_WIDTH:]
        if answer[0] is not None:
            found[-1].answers.append(AnswerRow._make((*answer[:6], to_bool(answer[6]))))
    return found


def _response(row: Row) -> StoredResponse:
    found = _ResponseRow._make(row[:_WIDTH])
    return StoredResponse(
        id=to_uuid(found.id),
        survey_id=to_uuid(found.survey_id),
        version=found.version,
        position=found.position,
        state=found.state,
        sequence=found.sequence,
        digest=found.digest,
        touchpoint=found.touchpoint,
        channel=found.channel,
        locale=found.locale,
        respondent=found.respondent,
        invitation_id=to_uuid(found.invitation_id),
        context=found.context,
        started_at=to_time(found.started_at),
        submitted_at=to_time(found.submitted_at),
        updated_at=to_time(found.updated_at),
        completed_at=to_time(found.completed_at),
        is_sample=to_bool(found.is_sample),
        is_verified=to_bool(found.is_verified),
        standing=found.standing,
        flags=tuple(found.flags.split()),
        answers=[],
    )

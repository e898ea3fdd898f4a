"""Read responses as records."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Row
from harken_server.database.lanes import Positions
from harken_server.database.rows import StoredBool, StoredId, StoredTime
from harken_server.database.values import to_bool, to_time, to_uuid
from harken_server.responses.response import (
    CountFilter,
    ResponseState,
    Standing,
    StoredResponse,
)
from harken_server.responses.store.feed import read_feed
from harken_server.responses.store.selection import select_responses
from harken_server.surveys.answers.document import decode_answers


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
    answers: str


SELECTED = ", ".join(f"r.{name}" for name in _ResponseRow._fields)
"""What to select from `response r` for `response_of`."""
_SELECT = f"SELECT {SELECTED} FROM response r WHERE r.workspace_id = $1 AND r.survey_id = $2"  # noqa: S608


async def get_response(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID
) -> StoredResponse | None:
    """One response with its answers, from one snapshot; an erased one is an empty tombstone."""
    row = await db.fetch_one(f"{_SELECT} AND r.id = $3", workspace_id, survey_id, response_id)
    return None if row is None else response_of(row)


async def list_responses(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    *,
    after: Positions,
    limit: int,
    standing: Standing | None = None,
) -> list[StoredResponse]:
    """Responses changed after the positions, as `read_feed` gives them; erased ones too.

    With a `standing` only those that have it now.
    """
    params: list[object] = [workspace_id, survey_id]
    select = _SELECT
    if standing is not None:
        params.append(standing)
        select += " AND r.standing = $3"
    return [response_of(row) for row in await read_feed(db, select, params, after, limit)]


async def count_apart(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter
) -> dict[str, int]:
    """How many responses of each other standing the filter would take in; none are left out."""
    counted = msgspec.structs.replace(selection, standing="counted")
    chosen = select_responses(workspace_id, survey_id, counted)
    condition = chosen.condition.replace("r.standing = $3", "r.standing <> $3")
    rows = await db.fetch(
        f"SELECT r.standing, COUNT(*) FROM response r WHERE {condition}"  # noqa: S608  # our own
        " GROUP BY r.standing ORDER BY r.standing",
        *chosen.params,
    )
    return {str(row[0]): int(row[1]) for row in rows}


def response_of(row: Row) -> StoredResponse:
    """The record of a row of `SELECTED`."""
    found = _ResponseRow._make(row)
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
        answers=decode_answers(found.answers),
    )

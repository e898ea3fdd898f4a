"""Rows of `response r LEFT JOIN answer a` put together again as whole responses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from harken_server.database.database import Row
from harken_server.database.rows import StoredBool, StoredId, StoredTime
from harken_server.database.values import to_bool, to_time, to_uuid
from harken_server.responses.response import ResponseState, Standing, StoredResponse
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

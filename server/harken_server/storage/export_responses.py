"""Read whole responses in feed order from one snapshot, for exports that list their answers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import AsyncGenerator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from harken_server.core.answers import AnswerRow
from harken_server.core.records import ResponseState, StoredResponse
from harken_server.storage.database import Database, Row
from harken_server.storage.export_selection import Selection
from harken_server.storage.rows import StoredBool, StoredId, StoredTime
from harken_server.storage.values import to_bool, to_time, to_uuid


class _Columns(NamedTuple):
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


_WIDTH = len(_Columns._fields)
_POSITION = _Columns._fields.index("position")
_SELECTED = ", ".join(
    [f"r.{name}" for name in _Columns._fields] + [f"a.{name}" for name in AnswerRow._fields]
)


async def stream_responses(
    db: Database, selection: Selection
) -> AsyncGenerator[list[StoredResponse]]:
    """Lists of responses with all their answers, hidden ones included; flat in memory."""
    sql = f"""SELECT {_SELECTED}
FROM response r LEFT JOIN answer a ON a.response_number = r.number
WHERE {selection.condition} ORDER BY r.position"""  # noqa: S608  # values are parameters
    rest: list[Row] = []
    async for chunk in db.stream(sql, *selection.params):
        rows = rest + chunk
        start_of_last = bisect_left(rows, rows[-1][_POSITION], key=itemgetter(_POSITION))
        rest = rows[start_of_last:]
        if start_of_last:
            yield _responses(rows[:start_of_last])
    if rest:
        yield _responses(rest)


def _responses(rows: list[Row]) -> list[StoredResponse]:
    return [_response(list(own)) for _, own in groupby(rows, key=itemgetter(_POSITION))]


def _response(rows: list[Row]) -> StoredResponse:
    columns = _Columns(*rows[0][:_WIDTH])
    return StoredResponse(
        id=to_uuid(columns.id),
        survey_id=to_uuid(columns.survey_id),
        version=columns.version,
        position=columns.position,
        state=columns.state,
        sequence=columns.sequence,
        digest=columns.digest,
        touchpoint=columns.touchpoint,
        channel=columns.channel,
        locale=columns.locale,
        respondent=columns.respondent,
        invitation_id=None if columns.invitation_id is None else to_uuid(columns.invitation_id),
        context=columns.context,
        started_at=None if columns.started_at is None else to_time(columns.started_at),
        submitted_at=to_time(columns.submitted_at),
        updated_at=to_time(columns.updated_at),
        completed_at=None if columns.completed_at is None else to_time(columns.completed_at),
        is_sample=to_bool(columns.is_sample),
        answers=[_answer(row[_WIDTH:]) for row in rows if row[_WIDTH] is not None],
    )


def _answer(row: Row) -> AnswerRow:
    *values, is_hidden = row
    return AnswerRow(*values, is_hidden=to_bool(is_hidden))

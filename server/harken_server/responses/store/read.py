"""Read responses as records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Row
from harken_server.database.lanes import Positions
from harken_server.database.values import to_bool, to_time, to_uuid
from harken_server.responses.response import (
    CountFilter,
    Standing,
    StoredResponse,
)
from harken_server.responses.store.feed import read_feed
from harken_server.responses.store.selection import select_responses
from harken_server.surveys.answers.document import decode_answers

_FIELDS = StoredResponse.__struct_fields__
_CONVERSIONS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    *((name, to_uuid) for name in ("id", "survey_id", "invitation_id")),
    *((name, to_time) for name in ("started_at", "submitted_at", "updated_at", "completed_at")),
    *((name, to_bool) for name in ("is_sample", "is_verified")),
    ("flags", lambda flags: tuple(flags.split())),
    ("answers", decode_answers),
)
SELECTED = ", ".join(f"r.{name}" for name in _FIELDS)
"""What to select from `response r` for `stored_response`."""
_SELECT = f"SELECT {SELECTED} FROM response r WHERE r.workspace_id = $1 AND r.survey_id = $2"  # noqa: S608


async def get_response(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID
) -> StoredResponse | None:
    """One response with its answers, from one snapshot; an erased one is an empty tombstone."""
    row = await db.fetch_one(f"{_SELECT} AND r.id = $3", workspace_id, survey_id, response_id)
    return None if row is None else stored_response(row)


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
    return [stored_response(row) for row in await read_feed(db, select, params, after, limit)]


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


def stored_response(row: Row) -> StoredResponse:
    """The response of a row of `SELECTED`; its answers are in the order of question and part."""
    values = dict(zip(_FIELDS, row, strict=True))
    for name, convert in _CONVERSIONS:
        values[name] = convert(values[name])
    return StoredResponse(**values)

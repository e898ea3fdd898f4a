"""How far responses came: how many are complete and how many were left off."""

from __future__ import annotations

from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.insights.store.people_sql import MOST_RESPONSES
from harken_server.responses.codes import COMPLETE
from harken_server.responses.response import CountFilter
from harken_server.responses.store.row import decode_document
from harken_server.responses.store.selection import select_responses


class Finished(msgspec.Struct, frozen=True):
    """Responses that were begun, and those of them that came to the end."""

    started: int
    completed: int


async def count_finished(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    most: int = MOST_RESPONSES,
) -> Finished | None:
    """None where there are more than so many responses."""
    chosen = select_responses(workspace_id, survey_id, selection)
    rows = await db.scan(
        "SELECT COUNT(*), COALESCE(SUM(is_complete), 0) FROM ("  # noqa: S608  # values are parameters
        f"SELECT CASE WHEN r.{COMPLETE} THEN 1 ELSE 0 END AS is_complete FROM response r"
        f" WHERE {chosen.condition} LIMIT {most + 1:d}) AS taken_in",
        *chosen.params,
    )
    started, completed = map(int, rows[0])
    return Finished(started, completed) if started <= most else None


async def read_left(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter, *, most: int
) -> list[frozenset[str]] | None:
    """What was answered in each unfinished response; None where there are more than `most`."""
    chosen = select_responses(workspace_id, survey_id, selection)
    rows = await db.scan(
        f"SELECT r.answers FROM response r WHERE {chosen.condition} AND NOT (r.{COMPLETE})"  # noqa: S608  # values are parameters
        f" LIMIT {most + 1:d}",
        *chosen.params,
    )
    if len(rows) > most:
        return None
    return [_answered(answers) for (answers,) in rows]


def _answered(answers: str | bytes) -> frozenset[str]:
    """Keys of the questions that a document answers, without those that its logic hides."""
    held = decode_document(answers)
    names = (*held.ratings, *held.numbers, *held.choices, *held.texts)
    return frozenset(name.partition(".")[0] for name in names).difference(held.hidden)

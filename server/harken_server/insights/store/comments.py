"""The newest texts that people wrote, with their rating beside them, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from harken_server.database.database import Database, Row
from harken_server.database.rows import StoredTime
from harken_server.database.values import to_bool, to_time
from harken_server.insights.rules.comments import Comment
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import select_responses


class CommentPlace(NamedTuple):
    """Where a page of comments ended; the next page starts behind it."""

    position: int
    question: str


async def newest_comments(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[str],
    *,
    rated: str | None,
    selection: CountFilter,
    before: CommentPlace | None,
    limit: int,
) -> tuple[list[Comment], CommentPlace | None]:
    """Visible texts given to `questions`, latest changed responses first, and where to go on.

    `rated` is the question whose rating stands beside each text. The second value is None when
    this page is the last. One SQL statement along the index of positions.
    """
    if not questions:
        return [], None
    chosen = select_responses(workspace_id, survey_id, selection)
    params: list[Any] = [*chosen.params, rated or ""]
    rated_at = len(params)
    marks = ", ".join(f"${len(params) + index + 1}" for index in range(len(questions)))
    params += questions
    behind = ""
    if before is not None:
        at = len(params) + 1
        behind = f"AND r.position <= ${at} AND (r.position < ${at} OR a.question > ${at + 1})"
        params += before
    condition = f"{chosen.condition} AND a.question IN ({marks}) {behind}"
    sql = f"{_SELECT.format(rated=rated_at)} {condition} {_ORDER} LIMIT {limit + 1:d}"
    rows = await db.fetch(sql, *params)
    page = rows[:limit]
    end = CommentPlace(page[-1][0], page[-1][1]) if len(rows) > limit else None
    return [_comment(row) for row in page], end


# Only parameter marks are ever put into these.
_SELECT = """
SELECT r.position, a.question, a.text, r.submitted_at, q.rating, r.touchpoint, r.channel,
  r.is_sample
FROM response r
JOIN answer a ON a.response_number = r.number
LEFT JOIN answer q ON q.response_number = r.number AND q.question = ${rated} AND q.part = ''
  AND NOT CAST(q.is_hidden AS BOOLEAN)
WHERE a.text IS NOT NULL AND NOT CAST(a.is_hidden AS BOOLEAN) AND
"""
_ORDER = "ORDER BY r.position DESC, a.question"


def _comment(row: Row) -> Comment:
    submitted_at: StoredTime = row[3]
    return Comment(
        question=row[1],
        text=row[2],
        submitted_at=to_time(submitted_at),
        rating=row[4],
        touchpoint=row[5],
        channel=row[6],
        is_sample=to_bool(row[7]),
    )

"""Read the counts that scores are made of; their cost does not grow with the responses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from harken_server.core.records import CountFilter, CountRow
from harken_server.storage.database import Database


async def read_counts(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    questions: Sequence[str] | None,
    per_day: bool,
) -> list[CountRow]:
    """How often each value was answered, in one statement; `questions=None` takes all.

    The bases of questions with several parts are among them (see `counted_values`).
    Ordered by question, part and value (as text), with `per_day` by day last.
    """
    if questions is not None and not questions:
        return []
    params: list[Any] = [workspace_id, survey_id]
    conditions = ["workspace_id = $1", "survey_id = $2"]
    if questions is not None:
        params += questions
        places = ", ".join(f"${number}" for number in range(3, len(params) + 1))
        conditions.append(f"question IN ({places})")
    for comparison, value in _comparisons(selection):
        if value is not None:
            params.append(value)
            conditions.append(f"{comparison} ${len(params)}")
    group = "question, part, value" + (", day" if per_day else "")
    rows = await db.fetch(
        f"SELECT question, part, value, CAST(SUM(n) AS BIGINT){', day' if per_day else ''} "  # noqa: S608
        f"FROM answer_count WHERE {' AND '.join(conditions)} "
        f"GROUP BY {group} HAVING SUM(n) > 0 ORDER BY {group}",
        *params,
    )
    return [CountRow(*row) for row in rows]


def _comparisons(selection: CountFilter) -> tuple[tuple[str, int | str | None], ...]:
    return (
        ("day >=", selection.from_day),
        ("day <=", selection.to_day),
        ("touchpoint =", selection.touchpoint),
        ("channel =", selection.channel),
        ("version =", selection.version),
    )

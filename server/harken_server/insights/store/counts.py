"""Read the counts that scores are made of; their cost does not grow with the responses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from harken_server.database.database import Database
from harken_server.insights.rules.counts import CountRow
from harken_server.responses.response import CountFilter

_COUNTED_NOW = """(
  SELECT r.workspace_id, r.survey_id, r.version, r.touchpoint, r.channel, r.day, a.question, a.part,
    COALESCE(CAST(a.rating AS TEXT), a.choice) AS value, 1 AS n
  FROM response r JOIN answer a ON a.response_number = r.number
  WHERE r.survey_id = $2 AND r.standing = $3 AND NOT CAST(a.is_hidden AS BOOLEAN)
    AND (a.rating IS NOT NULL OR a.choice IS NOT NULL)
  UNION ALL
  SELECT r.workspace_id, r.survey_id, r.version, r.touchpoint, r.channel, r.day, a.question, '', '',
    COUNT(DISTINCT a.response_number)
  FROM response r JOIN answer a ON a.response_number = r.number
  WHERE r.survey_id = $2 AND r.standing = $3 AND NOT CAST(a.is_hidden AS BOOLEAN) AND a.part <> ''
  GROUP BY r.workspace_id, r.survey_id, r.version, r.touchpoint, r.channel, r.day, a.question
) AS counted_now"""
"""The few responses that do not count are counted when they are asked for."""


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
    source = "answer_count"
    if selection.standing != "counted":
        params.append(selection.standing)
        source = _COUNTED_NOW
    if questions is not None:
        params += questions
        first = len(params) - len(questions) + 1
        places = ", ".join(f"${number}" for number in range(first, len(params) + 1))
        conditions.append(f"question IN ({places})")
    for comparison, value in _comparisons(selection):
        if value is not None:
            params.append(value)
            conditions.append(f"{comparison} ${len(params)}")
    group = "question, part, value" + (", day" if per_day else "")
    rows = await db.fetch(
        f"SELECT question, part, value, CAST(SUM(n) AS BIGINT){', day' if per_day else ''} "  # noqa: S608
        f"FROM {source} WHERE {' AND '.join(conditions)} "
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

"""The counts behind the limits of a survey: its complete, counted answers, and those of quotas."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from harken_server.database.database import Executor
from harken_server.responses.codes import COMPLETE, COUNTED
from harken_server.responses.store.selection import OF_SURVEY

_COMPLETES = f"""
SELECT count(*) FROM (
  SELECT 1 FROM response WHERE {OF_SURVEY} AND {COMPLETE} AND {COUNTED} LIMIT $3
) AS counted
"""  # noqa: S608  # our own words
_QUOTAS = f"""
SELECT quotas, count(*) FROM response
WHERE {OF_SURVEY} AND quotas <> '' AND {COMPLETE} AND {COUNTED}
GROUP BY quotas
"""  # noqa: S608  # our own words


async def count_completes(db: Executor, workspace_id: UUID, survey_id: UUID, at_most: int) -> int:
    """Complete, counted responses of a survey; counting stops at `at_most`."""
    rows = await db.fetch(_COMPLETES, workspace_id, survey_id, at_most)
    return rows[0][0]


async def count_quotas(
    db: Executor, workspace_id: UUID, survey_id: UUID, names: Iterable[str]
) -> dict[str, int]:
    """Complete, counted answers for each quota of a survey."""
    counts = dict.fromkeys(names, 0)
    for joined, n in await db.fetch(_QUOTAS, workspace_id, survey_id):
        for name in str(joined).split(" "):
            if name in counts:
                counts[name] += n
    return counts

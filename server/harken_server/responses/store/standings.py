"""Take a response into the counts or out of them, and flag one for review."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.responses.response import CountFilter, Standing
from harken_server.responses.store.found import find_to_change
from harken_server.responses.store.selection import select_responses

_MOVE_COUNTS = """
INSERT INTO answer_count (workspace_id, survey_id, question, part, value, version, touchpoint,
  channel, day, n)
SELECT r.workspace_id, r.survey_id, c.question, c.part, c.value, r.version, r.touchpoint, r.channel,
  r.day, CAST($2 AS BIGINT)
FROM response r JOIN (
    SELECT response_number, question, part, COALESCE(CAST(rating AS TEXT), choice) AS value
    FROM answer WHERE response_number = $1 AND NOT CAST(is_hidden AS BOOLEAN)
      AND (rating IS NOT NULL OR choice IS NOT NULL)
    UNION
    SELECT response_number, question, '', '' FROM answer
    WHERE response_number = $1 AND NOT CAST(is_hidden AS BOOLEAN) AND part <> ''
  ) c ON c.response_number = r.number
WHERE r.survey_id = $3
ORDER BY c.question, c.part, c.value
ON CONFLICT (survey_id, question, part, value, version, touchpoint, channel, day)
DO UPDATE SET n = answer_count.n + excluded.n
"""


async def set_standing(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID, standing: Standing
) -> bool:
    """Give a response another standing and move its counts with it; False when there is none.

    Pulls that follow the feed see the change. The same standing again changes nothing, and so does
    any for an erased response.
    """
    async with db.transaction() as tx:
        found = await find_to_change(tx, workspace_id, survey_id, response_id)
        if found is None or found.state == "erased" or found.standing == standing:
            return found is not None
        if "counted" in {found.standing, standing}:
            await move_counts(tx, survey_id, found.number, 1 if standing == "counted" else -1)
        await tx.execute(
            "UPDATE response SET standing = $1, position = $2 WHERE number = $3",
            standing,
            found.position,
            found.number,
        )
    return True


async def move_counts(tx: Transaction, survey_id: UUID, number: int, step: int) -> None:
    """Add a stored response's visible answers to the counts (1), or take them out (-1)."""
    await tx.execute(_MOVE_COUNTS, number, step, survey_id)


async def add_flags(
    db: Database, workspace_id: UUID, survey_id: UUID, response_id: UUID, flags: Iterable[str]
) -> None:
    """Mark a response for review; it counts as before. Flags are words without spaces."""
    async with db.transaction() as tx:
        found = await find_to_change(tx, workspace_id, survey_id, response_id)
        if found is None or found.state == "erased":
            return
        merged = " ".join(sorted({*found.flags.split(), *flags}))
        if merged != found.flags:
            await tx.execute(
                "UPDATE response SET flags = $1, position = $2 WHERE number = $3",
                merged,
                found.position,
                found.number,
            )


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

"""How many people gave the responses that a filter takes in, as far as these name them."""

from __future__ import annotations

from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import select_responses

MOST_RESPONSES = 20_000
"""Of more, people are not told apart: of these it takes about 30 ms."""
TOO_MANY = (
    f"More than {MOST_RESPONSES:,} responses: people are told apart up to so many."
    " A shorter period, or one touchpoint, has fewer."
)
"""What is said where they are not."""


class People(msgspec.Struct, frozen=True):
    """Responses, and who gave them."""

    responses: int
    named: int
    """Those that name their respondent."""
    people: int
    """Different respondents of these."""


async def count_people(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    most: int = MOST_RESPONSES,
) -> People | None:
    """None where there are more than so many responses."""
    chosen = select_responses(workspace_id, survey_id, selection)
    rows = await db.fetch(
        "SELECT COUNT(*), COUNT(respondent), COUNT(DISTINCT respondent) FROM ("  # noqa: S608  # values are parameters
        f"SELECT r.respondent FROM response r WHERE {chosen.condition}"
        f" LIMIT {most + 1:d}) AS taken_in",
        *chosen.params,
    )
    found = People(*map(int, rows[0]))
    return found if found.responses <= most else None

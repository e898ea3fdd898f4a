"""What only whole responses tell: how many people gave them, and what one gave together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.responses.codes import PROVED_ORIGIN
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import OF_SURVEY, select_responses
from harken_server.surveys.instruments import Statement

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
    least: int = 0,
    most: int = MOST_RESPONSES,
) -> People | None:
    """None where there are more than so many responses; `least` are known to be there."""
    if least > most:
        return None
    chosen = select_responses(workspace_id, survey_id, selection)
    rows = await db.scan(
        "SELECT COUNT(*), COUNT(respondent), COUNT(DISTINCT respondent) FROM ("  # noqa: S608  # values are parameters
        f"SELECT r.respondent FROM response r WHERE {chosen.condition}"
        f" LIMIT {most + 1:d}) AS taken_in",
        *chosen.params,
    )
    found = People(*map(int, rows[0]))
    return found if found.responses <= most else None


async def has_more(
    db: Database, workspace_id: UUID, survey_id: UUID, *, most: int = MOST_RESPONSES
) -> bool:
    """Whether a survey has more responses than so many, of whatever day; along an index."""
    rows = await db.fetch(
        f"SELECT COUNT(*) FROM (SELECT 1 FROM response WHERE {OF_SURVEY}"  # noqa: S608  # values are parameters
        f" LIMIT {most + 1:d}) AS taken_in",
        workspace_id,
        survey_id,
    )
    return int(rows[0][0]) > most


async def count_days(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    most: int = MOST_RESPONSES,
) -> dict[int, int] | None:
    """Responses by the day of answering; None where there are more than so many."""
    chosen = select_responses(workspace_id, survey_id, selection)
    rows = await db.scan(
        "SELECT day, COUNT(*) FROM ("  # noqa: S608  # values are parameters
        f"SELECT r.day FROM response r WHERE {chosen.condition}"
        f" LIMIT {most + 1:d}) AS taken_in GROUP BY 1",
        *chosen.params,
    )
    found = {int(day): int(n) for day, n in rows}
    return found if sum(found.values()) <= most else None


async def count_proved(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    scales: Mapping[str, tuple[int, int]],
    selection: CountFilter,
    *,
    most: int = MOST_RESPONSES,
) -> dict[str, int] | None:
    """Visible ratings of responses whose origin is proved, by question; `scales` are its ends.

    None where there are more than so many responses. Only proved ones are looked into.
    """
    chosen = select_responses(workspace_id, survey_id, selection)
    counted = "".join(f", SUM({_is_rated(key, *ends)})" for key, ends in scales.items())
    rows = await db.scan(
        f"SELECT COUNT(*){counted} FROM ("  # noqa: S608  # keys are checked names, numbers our own
        f"SELECT CASE WHEN r.{PROVED_ORIGIN} THEN r.answers END AS answers FROM response r"
        f" WHERE {chosen.condition} LIMIT {most + 1:d}) AS taken_in",
        *chosen.params,
    )
    responses, *numbers = rows[0]
    if int(responses) > most:
        return None
    return dict(zip(scales, (int(n or 0) for n in numbers), strict=True))


def _is_rated(key: str, low: int, high: int) -> str:
    """SQL for 1 where the answers rate a question and do not hide it."""
    hidden = "COALESCE(CAST(answers -> 'h' AS TEXT), '')"
    return (
        f"CASE WHEN CAST(answers -> 'r' ->> '{key}' AS INTEGER) BETWEEN {low:d} AND {high:d}"
        f""" AND REPLACE({hidden}, '"{key}"', '') = {hidden} THEN 1 ELSE 0 END"""
    )


async def read_points(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    statements: Sequence[Statement],
    selection: CountFilter,
) -> dict[int, int]:
    """People by their points: of each statement its distance from the worse end of the scale.

    Read from the responses: what one person gave together is in no count. Who left a statement out,
    or was not asked it, is in none.
    """
    chosen = select_responses(workspace_id, survey_id, selection)
    asked = {each.question for each in statements}
    points = " + ".join(
        f"ABS(CAST(r.answers -> 'r' ->> '{each.question}' AS INTEGER) - {each.worst:d})"
        for each in statements
    )
    rows = await db.scan(
        f"SELECT {points}, CAST(r.answers -> 'h' AS TEXT), COUNT(*) FROM response r"  # noqa: S608  # keys are checked names
        f" WHERE {chosen.condition} GROUP BY 1, 2",
        *chosen.params,
    )
    sums: dict[int, int] = {}
    for total, hidden, n in rows:
        unseen = msgspec.json.decode(hidden or "[]", type=list[str])
        if total is not None and asked.isdisjoint(unseen):
            sums[int(total)] = sums.get(int(total), 0) + int(n)
    return sums

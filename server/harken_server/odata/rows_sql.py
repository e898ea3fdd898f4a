"""Responses a page at a time, in an order in which none moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from harken_server.database.database import Database, Row
from harken_server.odata.rules.options import MAX_ID, Order, Place
from harken_server.responses.response import StoredResponse
from harken_server.responses.store.row import SELECTED, stored_response
from harken_server.responses.store.selection import Selection

SORTED_BY = {
    "submitted_at": "r.submitted_at",
    "answered_at": "COALESCE(r.answered_at, r.submitted_at)",
    "survey_version": "r.version",
    "is_sample": "r.is_sample",
}
"""Columns that the database sorts by, and how; the same on both."""


class OneResponse(NamedTuple):
    """A response, and what leads on behind it."""

    number: int
    """Its id, as a number."""
    stored: StoredResponse
    document: str
    """Of its answers, as it is kept."""


async def read_responses(
    db: Database, chosen: Selection, orders: Sequence[Order], after: Place | None, limit: int
) -> list[OneResponse]:
    """The next responses, the one where the last page ended among them.

    By their ids, which never change and are found along an index, or in the order that is wanted:
    then a place says how many come before it.
    """
    params: list[Any] = [*chosen.params]
    behind, offset = "", ""
    if orders:
        offset = f" OFFSET {0 if after is None else after.number:d}"
    elif after is not None:
        params.append(UUID(int=min(after.number, MAX_ID)))
        behind = f" AND r.id >= ${len(params)}"
    by = ", ".join(
        [*(f"{SORTED_BY[each.name]}{' DESC' if each.is_descending else ''}" for each in orders),
         "r.id"]
    )  # fmt: skip
    rows = await db.scan(
        f"SELECT r.answers, {SELECTED} FROM response r"  # noqa: S608  # values are parameters
        f" WHERE {chosen.condition}{behind} ORDER BY {by} LIMIT {limit:d}{offset}",
        *params,
    )
    return [_read(row) for row in rows]


async def count_responses(db: Database, chosen: Selection) -> int:
    """How many there are."""
    sql = f"SELECT COUNT(*) FROM response r WHERE {chosen.condition}"  # noqa: S608  # values are parameters
    rows = await db.scan(sql, *chosen.params)
    return int(rows[0][0])


def _read(row: Row) -> OneResponse:
    stored = stored_response(row[1:])
    return OneResponse(stored.id.int, stored, row[0])

"""Read responses as records, in the order of the feed, and count those that limits are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor, Row
from harken_server.database.lanes import Positions, first_position
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.codes import ALONE, COMPLETE, STANDING_CODES, STANDINGS, TAKEN
from harken_server.responses.response import CountFilter, Standing, StoredResponse
from harken_server.responses.store.row import SELECT_RESPONSES, stored_response
from harken_server.responses.store.selection import OF_SURVEY, select_responses

AT_ONCE = 40
"""Decoded in half a millisecond."""

_COMPLETES = f"""
SELECT count(*) FROM (
  SELECT 1 FROM response WHERE {OF_SURVEY} AND {COMPLETE} AND {TAKEN} LIMIT $3
) AS counted
"""  # noqa: S608  # our own words
_QUOTAS = f"""
SELECT quotas, count(*) FROM response
WHERE {OF_SURVEY} AND quotas <> '' AND {COMPLETE} AND {TAKEN}
GROUP BY quotas
"""  # noqa: S608  # our own words


async def list_responses(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    *,
    after: Positions,
    limit: int,
    standing: Standing | None = None,
) -> list[StoredResponse]:
    """Responses changed after the positions, as `read_feed` gives them; erased ones too, and none
    that is shown with others only.

    With a `standing` only those that have it now.
    """
    params: list[object] = [workspace_id, survey_id]
    select = f"{SELECT_RESPONSES} AND r.{ALONE}"
    if standing is not None:
        params.append(STANDING_CODES[standing])
        select += " AND r.standing = $3"
    rows = await read_feed(db, select, params, after, limit)
    return [stored_response(row) async for some in pieces_of(rows, AT_ONCE) for row in some]


class Apart(msgspec.Struct, frozen=True):
    """Responses that do not count: how many of each standing, and with each flag."""

    standings: dict[str, int] = {}
    flags: dict[str, int] = {}


async def count_apart(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter
) -> Apart:
    """The responses of each other standing that the filter would take in; none are left out.

    Earlier ones of a person are among them: which would be the latest is not known before.
    """
    counted_ones = msgspec.structs.replace(selection, standing="counted", is_latest=False)
    chosen = select_responses(workspace_id, survey_id, counted_ones)
    condition = chosen.condition.replace("r.standing = $3", f"r.standing <> $3 AND r.{ALONE}")
    rows = await db.scan(
        f"SELECT r.standing, r.flags, COUNT(*) FROM response r WHERE {condition}"  # noqa: S608  # our own
        " GROUP BY r.standing, r.flags",
        *chosen.params,
    )
    standings, flags = Counter[str](), Counter[str]()
    for standing, joined, n in rows:
        standings[STANDINGS[int(standing)]] += int(n)
        flags.update(dict.fromkeys(str(joined).split(), int(n)))
    return Apart(dict(sorted(standings.items())), dict(sorted(flags.items())))


async def read_feed(
    db: Database, select: str, params: Sequence[Any], after: Positions, limit: int
) -> list[Row]:
    """Rows behind the positions: within a lane in their order, all of one lane before the next.

    `select` ends in a condition over `response r` with its parameters from `$1` on. A response that
    is changed again between the reading of two lanes comes in the next page at the latest.
    """
    behind = f"${len(params) + 1}", f"${len(params) + 2}", f"${len(params) + 3}"
    sql = (
        f"{select} AND r.position > {behind[0]} AND r.position < {behind[1]}"
        f" ORDER BY r.position LIMIT {behind[2]}"
    )
    rows: list[Row] = []
    for (lane,) in await db.fetch("SELECT lane FROM feed ORDER BY lane"):
        if len(rows) < limit:
            seen = after.get(lane, first_position(lane))
            end = first_position(lane + 1)
            rows += await db.fetch(sql, *params, seen, end, limit - len(rows))
    return rows


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

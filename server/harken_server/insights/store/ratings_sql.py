"""The ratings of whole responses, as a compact table: what one person rated together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from functools import lru_cache
from typing import Any, TypeAlias, cast
from uuid import UUID

import msgspec
import numpy as np

from harken_server.database.database import Database, Row
from harken_server.insights.rules.drivers.items import Item
from harken_server.insights.rules.drivers.sums import MISSING, Ratings
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import select_responses

AT_ONCE = 250
"""Read in half a millisecond."""
CHUNK = 2_000
_Decode: TypeAlias = Callable[[bytes], list[Any]]


async def read_ratings(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    items: Sequence[Item],
    selection: CountFilter,
    *,
    most: int,
) -> Ratings | None:
    """A row a response and a column an item, a byte each; `MISSING` where it is not rated.

    What was skipped, not asked, hidden, not applicable or off the scale is not rated. None where
    there are more than `most` responses.
    """
    chosen = select_responses(workspace_id, survey_id, selection)
    sql = f"SELECT CAST(r.answers AS TEXT) FROM response r WHERE {chosen.condition}"  # noqa: S608  # values are parameters
    pieces: list[Ratings] = []
    read = 0
    async with aclosing(db.stream(sql, *chosen.params, chunk=CHUNK)) as chunks:
        async for rows in chunks:
            read += len(rows)
            if read > most:
                return None
            pieces += [_table(some, tuple(items)) async for some in pieces_of(rows, AT_ONCE)]
    return np.concatenate(pieces) if pieces else np.empty((0, len(items)), np.uint8)


def _table(rows: Sequence[Row], items: tuple[Item, ...]) -> Ratings:
    documents = _decoder(items)(f"[{','.join([row[0] for row in rows])}]".encode())
    rated = [place for place, item in enumerate(items) if not item.places]
    chosen = [place for place, item in enumerate(items) if item.places]
    table = np.full((len(rows), len(items)), MISSING, np.uint8)
    if rated:
        given = np.array([msgspec.structs.astuple(each.r) for each in documents], np.int64)
        ends = np.array([(items[place].low, items[place].high) for place in rated])
        given[(given < ends[:, 0]) | (given > ends[:, 1])] = MISSING
        table[:, rated] = given
    if chosen:
        columns = zip(*[msgspec.structs.astuple(each.c) for each in documents], strict=True)
        for place, column in zip(chosen, columns, strict=True):
            find = dict(items[place].places).get
            table[:, place] = [find(value, MISSING) for value in column]
    for row, document in enumerate(documents):
        if document.h:
            table[row, [item.question in document.h for item in items]] = MISSING
    return table


@lru_cache(maxsize=64)
def _decoder(items: tuple[Item, ...]) -> _Decode:
    """Of documents, taking in what is asked for and no more (`responses.store.row`)."""
    rated = [item.name for item in items if not item.places]
    chosen = [item.name for item in items if item.places]
    ratings = _section("Ratings", rated, int, MISSING)
    choices = _section("Choices", chosen, str, "")
    document = msgspec.defstruct(
        "Document",
        [("r", ratings, ratings()), ("c", choices, choices()), ("h", list[str], [])],
        frozen=True,
    )
    return cast("_Decode", msgspec.json.Decoder(list[document]).decode)


def _section(name: str, keys: Sequence[str], kind: type, missing: Any) -> type[msgspec.Struct]:
    names = {f"at_{place}": key for place, key in enumerate(keys)}
    fields = [(each, kind, missing) for each in names]
    return msgspec.defstruct(name, fields, frozen=True, rename=names)

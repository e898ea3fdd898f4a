"""Counts that are there without the responses of which they would be."""

from __future__ import annotations

import json
from collections.abc import Mapping

from harken_server.database.database import Database
from harken_server.database.many_rows import insert_many
from harken_server.responses.store.counted import COUNT_TABLES


async def add_counts(  # what a row of counts has
    db: Database,
    survey_number: int,
    question: str,
    values: Mapping[str, int],
    *,
    day: int,
    dimension: str = "",
    member: str = "",
    touchpoint: str = "",
    lane: int = 0,
) -> None:
    """So many answers of each value, in both tables."""
    row = {
        "survey_number": survey_number, "version": 1, "touchpoint": touchpoint, "channel": "web",
        "day": day, "dimension": dimension, "member": member, "question": question, "lane": lane,
        "counts": json.dumps(values, separators=(",", ":")),
    }  # fmt: skip
    async with db.transaction() as tx:
        for table in COUNT_TABLES:
            values_of = [row[name] for name in table.names]
            await insert_many(tx, table.name, table.columns, [values_of], table.clash(tx.dialect))

"""Fold the counts of past days into lane 0, so that what many writers counted is read as one row.

A sum over lanes never changes: what one transaction takes away it adds in lane 0. It waits for no
writer: a row that somebody is changing is left for the next time.
"""

from __future__ import annotations

from contextlib import aclosing
from functools import cache

from harken_server.database.database import Database
from harken_server.responses.store.counted import COUNT_TABLES, CountTable

MOST_AT_ONCE = 500
"""Counts folded in one transaction: a few milliseconds, for which a late change may wait."""

# Rows are added in the order of `counted.Counts`, in which changes of single responses take lane 0,
# so that the two never block each other: "C" compares text as Python does.
_TO_FOLD = """
SELECT DISTINCT survey_number FROM (
  SELECT survey_number FROM {table} WHERE day < $1
  GROUP BY {apart} HAVING COUNT(*) > 1 OR SUM(CASE WHEN counts = '{{}}' THEN 1 ELSE 0 END) > 0
) AS split ORDER BY survey_number
"""
# `ctid` is where a row lies: held against everybody until the end, it stays there.
_FOLD = """
WITH split AS (
  SELECT {apart} FROM {table} WHERE survey_number = $1 AND day < $2
  GROUP BY {apart} HAVING COUNT(*) > 1 LIMIT $3
), held AS MATERIALIZED (
  SELECT c.ctid AS place FROM {table} c JOIN split USING ({apart})
  WHERE c.lane <> 0 FOR UPDATE OF c SKIP LOCKED
), taken AS (
  DELETE FROM {table} c USING held WHERE c.ctid = held.place RETURNING c.*
), summed AS (
  SELECT {place}, value, SUM(CAST(n AS BIGINT)) AS n
  FROM taken LEFT JOIN jsonb_each_text(taken.counts) AS one (value, n) ON true
  GROUP BY {place}, value
)
INSERT INTO {table} ({added})
SELECT {place}, 0, COALESCE(jsonb_object_agg(value, n) FILTER (WHERE n <> 0), '{{}}')
FROM summed GROUP BY {place} ORDER BY {order}
ON CONFLICT {clash}
RETURNING 1
"""
_DROP_ZEROS = {
    "sqlite": "DELETE FROM {table} WHERE survey_number = $1 AND day < $2 AND counts = '{{}}'",
    "postgres": """
DELETE FROM {table} WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM {table} WHERE survey_number = $1 AND day < $2 AND counts = '{{}}'
  FOR UPDATE SKIP LOCKED
))
""",
}


async def fold_counts(db: Database, before_day: int) -> int:
    """Fold the days before this one (a proleptic ordinal); how many counts were in several lanes.

    Counts of nobody go away. On SQLite, which has one lane, nothing else happens.
    """
    return sum([await _fold(db, table, before_day) for table in COUNT_TABLES])


async def _fold(db: Database, table: CountTable, before_day: int) -> int:
    folded = 0
    async with aclosing(db.stream(_of(table, _TO_FOLD), before_day)) as chunks:
        surveys = [row[0] async for rows in chunks for row in rows]
    for survey_number in surveys:
        last = MOST_AT_ONCE
        while db.dialect == "postgres" and last == MOST_AT_ONCE:
            fold = _of(table, _FOLD)
            last = len(await db.execute(fold, survey_number, before_day, MOST_AT_ONCE))
            folded += last
        await db.execute(_of(table, _DROP_ZEROS[db.dialect]), survey_number, before_day)
    return folded


@cache
def _of(table: CountTable, sql: str) -> str:
    place = [(name, kind) for name, kind in table.columns if name not in {"lane", "counts"}]
    return sql.format(
        table=table.name,
        apart=table.apart,
        added=", ".join(table.names),
        place=", ".join(name for name, _ in place),
        order=", ".join(f'{name} COLLATE "C"' if kind == "text" else name for name, kind in place),
        clash=table.clash("postgres"),
    )

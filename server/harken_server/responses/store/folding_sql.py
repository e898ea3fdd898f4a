"""Fold the counts of past days into lane 0, so that what many writers counted is read as one row.

A sum over lanes never changes: what one transaction takes away it adds in lane 0. It waits for no
writer: a row that somebody is changing is left for the next time.
"""

from __future__ import annotations

from contextlib import aclosing

from harken_server.database.database import Database
from harken_server.responses.store.row import ADD_COUNTS, COUNT_COLUMNS, COUNT_KEY

MOST_AT_ONCE = 500
"""Counts folded in one transaction: a few milliseconds, for which a late change may wait."""

_SPLIT = COUNT_KEY.removesuffix(", lane")
_ADDED = ", ".join(COUNT_COLUMNS)
_PLACE = ", ".join(COUNT_COLUMNS[:-2])
# In the order of `row.Counts.rows`, in which changes of single responses take lane 0, so that the
# two never block each other: "C" compares text as Python does.
_ORDER = ", ".join(
    name if name in {"survey_number", "version", "day"} else f'{name} COLLATE "C"'
    for name in COUNT_COLUMNS[:-2]
)
_TO_FOLD = f"""
SELECT DISTINCT survey_number FROM (
  SELECT survey_number FROM answer_count WHERE day < $1
  GROUP BY {_SPLIT} HAVING COUNT(*) > 1 OR SUM(CASE WHEN counts = '{{}}' THEN 1 ELSE 0 END) > 0
) AS split ORDER BY survey_number
"""  # noqa: S608  # our own column lists
# `ctid` is where a row lies: held against everybody until the end, it stays there.
_FOLD = f"""
WITH split AS (
  SELECT {_SPLIT} FROM answer_count WHERE survey_number = $1 AND day < $2
  GROUP BY {_SPLIT} HAVING COUNT(*) > 1 LIMIT $3
), held AS MATERIALIZED (
  SELECT c.ctid AS place FROM answer_count c JOIN split USING ({_SPLIT})
  WHERE c.lane <> 0 FOR UPDATE OF c SKIP LOCKED
), taken AS (
  DELETE FROM answer_count c USING held WHERE c.ctid = held.place RETURNING c.*
), summed AS (
  SELECT {_PLACE}, value, SUM(CAST(n AS BIGINT)) AS n
  FROM taken LEFT JOIN jsonb_each_text(taken.counts) AS one (value, n) ON true
  GROUP BY {_PLACE}, value
)
INSERT INTO answer_count ({_ADDED})
SELECT {_PLACE}, 0, COALESCE(jsonb_object_agg(value, n) FILTER (WHERE n <> 0), '{{}}')
FROM summed GROUP BY {_PLACE} ORDER BY {_ORDER}
ON CONFLICT {ADD_COUNTS["postgres"]}
RETURNING 1
"""  # noqa: S608  # our own column lists
_DROP_ZEROS = {
    "sqlite": "DELETE FROM answer_count WHERE survey_number = $1 AND day < $2 AND counts = '{}'",
    "postgres": """
DELETE FROM answer_count WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM answer_count WHERE survey_number = $1 AND day < $2 AND counts = '{}'
  FOR UPDATE SKIP LOCKED
))
""",
}


async def fold_counts(db: Database, before_day: int) -> int:
    """Fold the days before this one (a proleptic ordinal); how many counts were in several lanes.

    Counts of nobody go away. On SQLite, which has one lane, nothing else happens.
    """
    folded = 0
    async with aclosing(db.stream(_TO_FOLD, before_day)) as chunks:
        surveys = [row[0] async for rows in chunks for row in rows]
    for survey_number in surveys:
        last = MOST_AT_ONCE
        while db.dialect == "postgres" and last == MOST_AT_ONCE:
            last = len(await db.execute(_FOLD, survey_number, before_day, MOST_AT_ONCE))
            folded += last
        await db.execute(_DROP_ZEROS[db.dialect], survey_number, before_day)
    return folded

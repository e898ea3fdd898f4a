"""Fill a migrated database with many responses by SQL alone, counts included."""

from __future__ import annotations

from uuid import UUID

from bench.survey import COMMENT
from harken_server.database.database import Database

DAYS = 90
FIRST_DAY = 739_500
"""A proleptic ordinal: 2025-09-06."""
TOUCHPOINTS = 3
CHANNELS = 2


async def fill(db: Database, size: int, workspace_id: UUID, survey_id: UUID) -> None:
    """`size` complete responses over `DAYS` days to `bench.survey`; the tables must be empty."""
    numbers, response = _SQLITE if db.dialect == "sqlite" else _POSTGRES
    await db.execute(
        f"""{numbers} INSERT INTO response (number, id, workspace_id, survey_id, version, position,
          state, sequence, digest, touchpoint, channel, locale, respondent, invitation_id, context,
          started_at, submitted_at, updated_at, completed_at, day, is_sample,
          is_verified, standing, flags)
        SELECT {response} FROM n""",
        size, workspace_id, survey_id,
    )  # fmt: skip
    for question, values in (
        ("recommend", "(number * 7919) % 11, NULL, NULL"),
        ("reason", f"NULL, {_CHOICE}, NULL"),
        ("why", f"NULL, NULL, '{COMMENT} ' || number"),
    ):
        await db.execute(
            "INSERT INTO answer (response_number, question, part, rating, choice, text, is_hidden) "
            f"SELECT number, '{question}', '', {values}, {_false(db)} FROM response"
        )
    await db.execute(_COUNTS)
    await db.execute("UPDATE feed SET position = $1", size)
    await db.execute("ANALYZE")


def _false(db: Database) -> str:
    return "0" if db.dialect == "sqlite" else "false"


_CHOICE = """CASE number % 4 WHEN 0 THEN 'price' WHEN 1 THEN 'speed' WHEN 2 THEN 'quality'
  ELSE 'service' END"""
_PLAIN = f"""1, i, 'complete', 1, '', 'order.t' || (i / 7) % {TOUCHPOINTS},
  CASE (i / 11) % {CHANNELS} WHEN 0 THEN 'web' ELSE 'receipt' END, 'en', 'c-' || i, NULL,
  '{{"store":"oslo-3"}}'"""
_SQLITE_TIME = f"(1757152800000 + (i % {DAYS}) * 86400000)"
_SQLITE = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)",
    f"""i, unhex(printf('%08x000070008000%012x', i, i)), $2, $3, {_PLAIN},
    {_SQLITE_TIME}, {_SQLITE_TIME}, {_SQLITE_TIME}, {_SQLITE_TIME}, {FIRST_DAY} + i % {DAYS}, 0, 0,
    'counted', ''""",
)
_POSTGRES_TIME = f"timestamptz '2025-09-06 10:00:00Z' + interval '1 day' * (i % {DAYS})"
_POSTGRES = (
    "WITH n (i) AS (SELECT generate_series(1, $1::bigint))",
    f"""i, (lpad(to_hex(i), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
    $2::uuid, $3::uuid, {_PLAIN}, {_POSTGRES_TIME}, {_POSTGRES_TIME}, {_POSTGRES_TIME},
    {_POSTGRES_TIME}, {FIRST_DAY} + i % {DAYS}, false, false, 'counted', ''""",
)
_COUNTS = """INSERT INTO answer_count (workspace_id, survey_id, question, part, value, version,
  touchpoint, channel, day, n)
SELECT r.workspace_id, r.survey_id, a.question, '', coalesce(CAST(a.rating AS text), a.choice),
  r.version, r.touchpoint, r.channel, r.day, count(*)
FROM response r JOIN answer a ON a.response_number = r.number WHERE a.question <> 'why'
GROUP BY 1, 2, 3, 5, 6, 7, 8, 9"""

"""Fill a migrated database with many responses by SQL alone, counts included."""

from __future__ import annotations

from bench.survey import COMMENT
from harken_server.database.database import Database
from harken_server.responses.codes import STANDING_CODES, STATE_CODES
from harken_server.responses.store.counted import COUNT_TABLES, CountTable

DAYS = 90
FIRST_DAY = 739_500
"""A proleptic ordinal: 2025-09-06."""
TOUCHPOINTS = 3
CHANNELS = 2
AT_ONCE = 100_000
"""Responses that one statement adds: on a busy machine a million in one takes too long."""
MEMBERS = (2, 3, 4, 6, 8, 12, 24, 48)
"""How many members each of the eight dimensions has: `d0` has `m0` and `m1`, and so on."""


async def fill(
    db: Database,
    size: int,
    survey_number: int,
    *,
    is_divided: bool = False,
    surveys: int = 1,
    first_day: int = FIRST_DAY,
) -> None:
    """`size` complete responses over `DAYS` days to `bench.survey`; the tables must be empty.

    Divided ones are counted by all dimensions of `MEMBERS` besides. Several surveys share them,
    numbered from the given one.
    """
    numbers, response = _SQLITE if db.dialect == "sqlite" else _POSTGRES
    later = first_day - FIRST_DAY
    response = response.replace(f"{FIRST_DAY} +", f"{first_day} +")
    response = response.replace("/* later */ 0", str(later))
    if surveys > 1:
        response = response.replace("$2", f"$2 + (i / 13) % {surveys}")
    response = response.replace("/* dimensions */ ''", _DIMENSIONS if is_divided else "''")
    response = response.replace("/* digest */", _DIGEST[db.dialect])
    for first in range(1, size + 1, AT_ONCE):
        await db.execute(
            f"""{numbers} INSERT INTO response (number, id, survey_number, version, position,
          state, sequence, digest, touchpoint, channel, locale, respondent,
          invitation_id, context, started_at, submitted_at, updated_at, day,
          is_sample, proof, claimed, standing, flags, dimensions, answers, has_text, quotas,
          history, origin_proof)
        SELECT {response}, '', 0 FROM n""",
            min(first + AT_ONCE - 1, size), survey_number, first,
        )  # fmt: skip
    places = [("''", "''")]
    if is_divided:
        places += [(f"'d{n}'", _member("number", members)) for n, members in enumerate(MEMBERS)]
    for dimension, member in places:
        for question, value in zip(("recommend", "reason"), _VALUES[db.dialect], strict=True):
            for table in COUNT_TABLES:
                sql = _counts(table, db.dialect, dimension, member, question, value)
                await db.execute(sql)
    await db.execute("UPDATE feed SET position = $1", size)
    await db.execute("ANALYZE")


def _member(number: str, members: int) -> str:
    return f"('m' || (({number} / 13) % {members}))"


_DIGEST = {"sqlite": "zeroblob(16)", "postgres": "decode(repeat('00', 16), 'hex')"}
_EACH = " || ',' || ".join(
    f"""'"d{number}":"' || {_member("i", members)} || '"'"""
    for number, members in enumerate(MEMBERS)
)
_DIMENSIONS = f"'{{' || {_EACH} || '}}'"
_CHOICE = """CASE i % 4 WHEN 0 THEN 'price' WHEN 1 THEN 'speed' WHEN 2 THEN 'quality'
  ELSE 'service' END"""
_ANSWERS = (
    """'{"r":{"recommend":' || ((i * 7919) % 11) || '},"c":{"reason":"' || """
    f"""({_CHOICE}) || '"}},"t":{{"why":"{COMMENT} ' || i || '"}}}}'"""
)
_PLAIN = f"""1, i, {STATE_CODES["complete"]}, 1, /* digest */,
  'order.t' || ((i / 7) % {TOUCHPOINTS}),
  CASE (i / 11) % {CHANNELS} WHEN 0 THEN 'web' ELSE 'receipt' END, 'en', 'c-' || i, NULL,
  '{{"store":"oslo-3"}}'"""
_SQLITE_TIME = f"(1757152800000 + (i % {DAYS} + /* later */ 0) * 86400000)"
_SQLITE = (
    "WITH RECURSIVE n (i) AS (SELECT $3 UNION ALL SELECT i + 1 FROM n WHERE i < $1)",
    f"""i, unhex(printf('%08x000070008000%012x', i, i)), $2, {_PLAIN},
    {_SQLITE_TIME}, {_SQLITE_TIME}, {_SQLITE_TIME}, {FIRST_DAY} + i % {DAYS}, 0, 0, '',
    {STANDING_CODES["counted"]}, '', /* dimensions */ '', {_ANSWERS}, 1, ''""",
)
_POSTGRES_TIME = (
    f"timestamptz '2025-09-06 10:00:00Z' + interval '1 day' * (i % {DAYS} + /* later */ 0)"
)
_POSTGRES = (
    "WITH n (i) AS (SELECT generate_series($3::bigint, $1::bigint))",
    f"""i, (lpad(to_hex(i), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
    $2::int, {_PLAIN}, {_POSTGRES_TIME}, {_POSTGRES_TIME}, {_POSTGRES_TIME},
    {FIRST_DAY} + i % {DAYS}, false, 0, '', {STANDING_CODES["counted"]},
    '', /* dimensions */ '', ({_ANSWERS})::jsonb, true, ''""",
)
_VALUES = {
    "sqlite": (
        "CAST(json_extract(answers, '$.r.recommend') AS TEXT)",
        "json_extract(answers, '$.c.reason')",
    ),
    "postgres": ("answers -> 'r' ->> 'recommend'", "answers -> 'c' ->> 'reason'"),
}  # fmt: skip


def _counts(  # what goes where
    table: CountTable, dialect: str, dimension: str, member: str, question: str, value: str
) -> str:
    group = "json_group_object" if dialect == "sqlite" else "jsonb_object_agg"
    given = {
        "dimension": dimension, "member": "member", "question": f"'{question}'", "lane": "0",
        "counts": f"{group}(value, n)",
    }  # fmt: skip
    by = ", ".join(name for name in table.names if name not in given)
    return f"""INSERT INTO {table.name} ({", ".join(table.names)})
  SELECT {", ".join(given.get(name, name) for name in table.names)} FROM (
      SELECT {by}, {member} AS member, {value} AS value, count(*) AS n
      FROM response GROUP BY {by}, {member}, {value}
    ) AS counted GROUP BY {by}, member"""

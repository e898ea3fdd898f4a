"""Fill a migrated database with respondents who were asked and answered before, by SQL alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bench.load import ID
from harken_server.database.database import Database
from harken_server.surveys.published import Touchpoint
from harken_server.surveys.store.touchpoints import put_touchpoint

TOUCHPOINT = "order.delivered"
ASKED_DAYS_AGO = 60
ANSWERED_EVERY = 4
"""One in so many has answered the invitation."""
NAME = ID.decode()[:24]


async def fill_people(
    db: Database, size: int, workspace_id: UUID, survey_id: UUID, now: datetime
) -> None:
    """`size` respondents named like `bench.load.ID`, each asked once; all may be asked again."""
    touchpoint = Touchpoint(key=TOUCHPOINT, survey="bench", cooldown_days=30)
    await put_touchpoint(db, workspace_id, touchpoint, now, UUID(int=77))
    asked_at = now - timedelta(days=ASKED_DAYS_AGO)
    is_sqlite = db.dialect == "sqlite"
    numbers = _SQLITE_NUMBERS if is_sqlite else _POSTGRES_NUMBERS
    hexadecimal = "printf('%012x', i)" if is_sqlite else "lpad(to_hex(i), 12, '0')"
    name = f"'{NAME}' || {hexadecimal}"
    yes = "1" if is_sqlite else "true"

    def id_of(kind: str) -> str:
        digits = f"'{kind}0000000000070008000' || {hexadecimal}"
        return f"unhex({digits})" if is_sqlite else f"({digits})::uuid"

    def same(number: int, kind: str) -> str:
        return f"${number}" if is_sqlite else f"${number}::{kind}"

    workspace, survey, time = same(2, "uuid"), same(3, "uuid"), same(4, "timestamptz")
    answered = f"CASE WHEN i % {ANSWERED_EVERY} = 0 THEN {id_of('b')} END"
    for sql in (
        f"""INSERT INTO respondent (workspace_id, respondent, email, locale, traits, updated_at)
        SELECT {workspace}, {name}, {hexadecimal} || '@example.com', 'en', '{{"plan":"pro"}}',
          {time} FROM n WHERE {survey} = {survey}""",
        f"""INSERT INTO invitation (id, workspace_id, survey_id, code, touchpoint, channel,
          respondent, locale, context, is_single_use, created_at, expires_at, response_id,
          wave, quotas)
        SELECT {id_of("a")}, {workspace}, {survey}, {hexadecimal}, '{TOUCHPOINT}', 'api', {name},
          'en', '{{}}', {yes}, {time}, {time}, {answered}, '', '' FROM n""",
        f"""INSERT INTO decision (id, workspace_id, touchpoint, channel, respondent, survey_id,
          is_asked, reason, invitation_id, request_digest, created_at, facts)
        SELECT {id_of("c")}, {workspace}, '{TOUCHPOINT}', 'api', {name}, {survey}, {yes}, 'asked',
          {id_of("a")}, '', {time}, '{{}}' FROM n""",
    ):
        await db.execute(f"{numbers} {sql}", size, workspace_id, survey_id, asked_at)
    await db.execute("ANALYZE")


_SQLITE_NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
_POSTGRES_NUMBERS = "WITH n (i) AS (SELECT generate_series(1, $1::bigint))"

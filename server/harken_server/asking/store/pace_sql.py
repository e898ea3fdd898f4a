"""What a touchpoint did lately: the counts that adaptive sampling goes by, remembered briefly."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from harken_server.asking.rules.adaptive import WEEK, Pace, week_start
from harken_server.asking.store.settings_sql import Settings
from harken_server.database.database import Executor
from harken_server.database.lanes import first_position
from harken_server.database.values import StoredTime, to_time
from harken_server.kernel.ids import RANDOM_BYTES, uuid7
from harken_server.responses.codes import COMPLETE, PROVED_ORIGIN, TAKEN
from harken_server.responses.store.selection import OF_SURVEY

LOOKED_AT = 20_000
"""The newest decisions, and responses, of a week that are looked at: a busier week is judged by
its last part, and reading it stays within some ten milliseconds."""
REMEMBERED = timedelta(seconds=20)
"""Counting is not free, and a share that lags behind by so much still meets its target."""
MOST_REMEMBERED = 1_000

_DECISIONS = """
WITH latest AS (
  SELECT touchpoint, reason, invitation_id, created_at FROM decision
  WHERE workspace_id = $1 AND id >= $3 ORDER BY id DESC LIMIT $4
)
SELECT (SELECT count(*) FROM latest), (SELECT min(created_at) FROM latest),
  coalesce(sum(CASE WHEN reason = 'asked' THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN reason = 'sampled_out' THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN reason IN ('quota_full', 'cooldown', 'escalated', 'open_invitation')
    THEN 1 ELSE 0 END), 0),
  count(i.response_id)
FROM latest LEFT JOIN invitation i ON i.workspace_id = $1 AND i.id = latest.invitation_id
WHERE latest.touchpoint = $2
"""
_ANSWERS = f"""
SELECT count(*) FROM (
  SELECT touchpoint, submitted_at, state, standing, origin_proof FROM response
  WHERE {OF_SURVEY} AND position > $6 AND position < $7
  ORDER BY position DESC LIMIT $5
) AS latest
WHERE touchpoint = $3 AND submitted_at >= $4 AND {COMPLETE} AND {TAKEN}
  AND {PROVED_ORIGIN}
"""  # noqa: S608  # our own words


class PaceBook:
    """One for each process; every process counts for itself, in the same database."""

    def __init__(self) -> None:
        self._read: dict[tuple[UUID, str], tuple[datetime, Pace]] = {}

    async def read(
        self,
        db: Executor,
        workspace_id: UUID,
        touchpoint: str,
        settings: Settings,
        now: datetime,
    ) -> Pace | None:
        """The pace, counted within `REMEMBERED`; None without adaptive sampling."""
        if settings.at_touchpoint.responses_a_week is None or settings.survey_id is None:
            return None
        key = workspace_id, touchpoint
        known = self._read.get(key)
        if known is not None and timedelta(0) <= now - known[0] < REMEMBERED:
            return known[1]
        pace = await read_pace(db, workspace_id, touchpoint, settings.survey_id, now)
        if len(self._read) >= MOST_REMEMBERED:
            self._read.clear()
        self._read[key] = now, pace
        return pace


async def read_pace(
    db: Executor, workspace_id: UUID, touchpoint: str, survey_id: UUID, now: datetime
) -> Pace:
    """The last week's decisions at a touchpoint, and its complete, counted answers since Monday.

    Only those that not anybody could have sent: a claim changes for nobody how often they are
    asked.
    """
    oldest = uuid7(now - WEEK, bytes(RANDOM_BYTES))
    rows = await db.fetch(_DECISIONS, workspace_id, touchpoint, oldest, LOOKED_AT)
    seen, since, asked, sampled_out, refused, answered = rows[0]
    earliest: StoredTime | None = since
    span = now - (to_time(earliest) or now) if seen == LOOKED_AT else WEEK
    answers = 0
    for (lane,) in await db.fetch("SELECT lane FROM feed"):
        within = first_position(lane), first_position(lane + 1)
        counted = await db.fetch(
            _ANSWERS, workspace_id, survey_id, touchpoint, week_start(now), LOOKED_AT, *within
        )
        answers += counted[0][0]
    return Pace(
        span_s=span.total_seconds(),
        asked=int(asked),
        sampled_out=int(sampled_out),
        refused=int(refused),
        answered=answered,
        answers_this_week=answers,
    )

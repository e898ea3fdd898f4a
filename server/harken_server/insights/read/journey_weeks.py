"""The number that a survey is known by, at each touchpoint, week by week."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.insights.rules.headlines import Headline, score_of
from harken_server.insights.rules.scores import Score
from harken_server.insights.rules.trends import period_start
from harken_server.insights.store.group_times_sql import read_group_times
from harken_server.responses.response import CountFilter


async def read_weekly_scores(
    db: Database, workspace_id: UUID, survey_id: UUID, headline: Headline, chosen: CountFilter
) -> dict[str, dict[int, Score | None]]:
    """By touchpoint and Monday; weeks without answers are not there. One statement."""
    rows = await read_group_times(
        db, workspace_id, survey_id, chosen, question=headline.question, by="touchpoint",
        weekly=True,
    )  # fmt: skip
    found: dict[str, dict[int, Score | None]] = {}
    for row in rows:
        found.setdefault(row.group, {})[row.day] = score_of(headline, row.counts)
    return found


def mondays_of(chosen: CountFilter) -> range:
    """Of each week that has one of the days."""
    first, last = chosen.from_day or 1, chosen.to_day or 1
    return range(period_start(first, "week"), last + 1, 7)

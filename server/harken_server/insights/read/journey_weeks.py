"""What a survey is known by, at each touchpoint: its counts, and its number week by week."""

from __future__ import annotations

from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.insights.rules.comparing.breakdowns import Counts
from harken_server.insights.rules.headlines import Headline, score_of
from harken_server.insights.rules.scores import Score
from harken_server.insights.rules.trends import period_start
from harken_server.insights.store.counts import sum_question
from harken_server.insights.store.group_times_sql import read_group_times
from harken_server.insights.store.groups_sql import read_groups
from harken_server.responses.response import CountFilter


async def read_weekly_scores(
    db: Database, workspace_id: UUID, survey_id: UUID, headline: Headline, chosen: CountFilter
) -> dict[str, dict[int, Score | None]]:
    """By touchpoint and Monday; weeks without answers are not there. One statement."""
    rows = await read_group_times(
        db, workspace_id, survey_id, chosen, question=headline.question, by="touchpoint",
        per="week",
    )  # fmt: skip
    found: dict[str, dict[int, Score | None]] = {}
    for row in rows:
        found.setdefault(row.group, {})[row.day] = score_of(headline, row.counts)
    return found


def mondays_of(chosen: CountFilter) -> range:
    """Of each week that has one of the days."""
    first, last = chosen.from_day or 1, chosen.to_day or 1
    return range(period_start(first, "week"), last + 1, 7)


async def count_by_touchpoint(
    place: tuple[Database, UUID, UUID], chosen: CountFilter, question: str, touchpoints: list[str]
) -> dict[str, Counts]:
    """The counts of each, as its filter has them: the latest at one are more than the latest."""
    if not chosen.is_latest:
        return {**await read_groups(*place, chosen, questions=[question], by="touchpoint")}
    return {
        each: {
            question: await sum_question(
                *place, msgspec.structs.replace(chosen, touchpoint=each), question=question
            )
        }
        for each in touchpoints
    }

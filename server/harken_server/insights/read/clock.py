"""Scores over time by another clock than the counts have: another zone, or hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.problems import BadRequestError
from harken_server.insights.read.scores import Trends, trends_of
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.estimates import Certainty
from harken_server.insights.rules.hours import fold_hours
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.insights.rules.trends import Period, TrendPoint, days_of
from harken_server.insights.store.scan_sql import Ratings, Scanned, count_days, count_hours
from harken_server.kernel.local.zones import Stretch, read_zone, stretches
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question
from harken_server.workspaces.workspace import Workspace

MOST_DAYS = 400
MOST_HOUR_DAYS = 31
_FIRST_DAY, _LAST_DAY = date(1971, 1, 1).toordinal(), date(9998, 12, 31).toordinal()
WithHours: TypeAlias = Literal["hour", "day", "week", "month"]


class Clock(NamedTuple):
    """By which clock days and hours are told, and how many of them."""

    zone: tzinfo
    first: date
    last: date

    @property
    def spans(self) -> list[Stretch]:
        """From the first moment of the first day to the last of the last one."""
        return stretches(self.zone, self.first, self.last)


def zone_of(name: str | None, workspace: Workspace) -> tzinfo:
    """The zone of this name, or the workspace's. Raises BadRequestError."""
    if name is None:
        return workspace.zone
    found = read_zone(name)
    if found is None:
        raise BadRequestError(
            f"There is no time zone {name!r}; tz is an IANA name such as Europe/Oslo.",
            code="bad_parameter",
        )
    return found


def clock_of(selection: CountFilter, zone: tzinfo, now: datetime, most: int) -> Clock:
    """The days of the filter by this clock, up to and with today where it does not end.

    BadRequestError where it does not say when to begin, or for more than `most` days.
    """
    last = now.astimezone(zone).date().toordinal() if selection.to_day is None else selection.to_day
    if selection.from_day is None:
        raise BadRequestError(
            f"This is counted from the responses, of at most {most} days: say from.",
            code="bad_parameter",
        )
    days = last - selection.from_day + 1
    if days > most:
        raise BadRequestError(
            f"from and to span {days} days; this is counted from the responses, of at most {most}.",
            code="bad_parameter",
        )
    if selection.from_day < _FIRST_DAY or last > _LAST_DAY:
        raise BadRequestError(
            "from and to must lie in the years 1971 to 9998 for this.", code="bad_parameter"
        )
    return Clock(zone, date.fromordinal(selection.from_day), date.fromordinal(last))


def scanned(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter, clock: Clock
) -> Scanned:
    """The responses of the filter whose moment lies in the days of the clock."""
    whenever = msgspec.structs.replace(selection, from_day=None, to_day=None)
    return Scanned(db, workspace_id, survey_id, whenever, clock.spans)


async def read_day_trends(
    of: Scanned,
    questions: Sequence[Question],
    clock: Clock,
    certainty: Certainty,
    period: Period | None,
) -> Trends:
    """As `read_trends`, of the days of this clock."""
    rows: list[CountRow] = []
    if of.spans:
        keys = [question.key for question in scored_questions(questions)]
        for day, given in (await count_days(of, keys)).items():
            rows += _rows(given, day)
    days = CountFilter(from_day=clock.first.toordinal(), to_day=clock.last.toordinal())
    return trends_of(questions, days_of(rows), days, certainty, period)


async def read_hour_trends(
    of: Scanned, questions: Sequence[Question], certainty: Certainty
) -> list[tuple[Score, list[TrendPoint]]]:
    """One trend for each metric question, by hours of the clock."""
    metrics = scored_questions(questions)
    found = await count_hours(of, [question.key for question in metrics]) if of.spans else {}
    return [
        (
            score_question(item, _summed(found, item.key), certainty),
            fold_hours(item, found, of.spans, certainty),
        )
        for item in metrics
    ]


def _rows(given: Ratings, day: int) -> list[CountRow]:
    return [
        CountRow(question, "", value, n, day)
        for question, values in given.items()
        for value, n in values.items()
    ]


def _summed(found: Mapping[tuple[int, int], Ratings], question: str) -> dict[int, int]:
    sums: dict[int, int] = {}
    for given in found.values():
        for value, n in given.get(question, {}).items():
            sums[int(value)] = sums.get(int(value), 0) + n
    return sums

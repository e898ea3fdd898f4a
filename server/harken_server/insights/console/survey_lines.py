"""The list of results: each survey's number, how it moved, and its line of weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from harken_server.insights.page.change import SURE
from harken_server.insights.page.moments import NO_CHANGE, say_move
from harken_server.insights.page.selection import (
    DEFAULT_PRESET,
    EVERYTHING,
    Selection,
    count_filter,
)
from harken_server.insights.page.words import SMALL_N, name_metric
from harken_server.insights.read.scores import read_first_score
from harken_server.insights.read.taking_in import as_usual
from harken_server.insights.read.withheld import read_hidden
from harken_server.insights.rules.comparing.differences import score_difference
from harken_server.insights.rules.figures import (
    NOTHING,
    show_day_near,
    show_number,
    show_score,
    show_signed,
)
from harken_server.insights.rules.headlines import Headline, added, headline_of, score_of
from harken_server.insights.rules.hidden import say_hidden
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.insights.rules.trends import period_end, period_start
from harken_server.insights.store.counts import last_day
from harken_server.insights.store.people_sql import MOST_RESPONSES, count_days
from harken_server.insights.store.weeks_sql import Part, WeekCount, read_weeks
from harken_server.responses.response import CountFilter
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.titles import title_of
from harken_server.workspaces.signed_in import Visit

AT_ONCE = 25
"""Surveys on a page of the list."""
DAYS = int(DEFAULT_PRESET)
LEAST = 5
"""Answers on either side, below which nothing is said of a move."""


class SurveyLine(NamedTuple):
    """A survey in the list."""

    title: str
    href: str
    status: str
    metric: str
    score: str
    of: str
    """The most that it can be, of a mean."""
    interval: str
    n: str
    last: str
    change: str
    doubt: str
    """Whether there are few answers yet."""
    weeks: tuple[float | None, ...]
    """The score of each week, oldest first; empty where there is nothing to draw."""


class _Weeks(NamedTuple):
    now: Mapping[int, list[WeekCount]]
    before: Mapping[int, list[WeekCount]]


async def survey_lines(visit: Visit, records: Sequence[SurveyRecord]) -> list[SurveyLine]:
    """In their order; the counts of all are read together."""
    catalog = visit.runtime.of(Catalog)
    loaded = [await catalog.load(visit.workspace, each) for each in records]
    weeks = await _read_weeks(visit, loaded)
    return [await _line(visit, each, weeks) for each in loaded]


async def _read_weeks(visit: Visit, loaded: Sequence[LoadedSurvey]) -> _Weeks:
    heads = [(each.record.number, headline_of(each.survey)) for each in loaded]
    asked = {number: head.question for number, head in heads if head and head.is_scored}
    reach, today = visit.reach or EVERYTHING, visit.local_now().date().toordinal()
    part = Part(reach.stores or None, reach.touchpoints or None)
    found: list[dict[int, list[WeekCount]]] = []
    more = period_end(period_start(today, "week"), "week") - today  # weeks end on Sundays
    for last, days in ((today + more, DAYS + more), (today - DAYS, DAYS)):
        by_survey: dict[int, list[WeekCount]] = {}
        for each in await read_weeks(
            visit.db, visit.workspace_id, asked, last_day=last, days=days, part=part
        ):
            by_survey.setdefault(each.survey_number, []).append(each)
        found.append(by_survey)
    return _Weeks(*found)


async def _line(visit: Visit, loaded: LoadedSurvey, weeks: _Weeks) -> SurveyLine:
    record, now = loaded.record, visit.local_now()
    every = count_filter(Selection(), now, visit.reach or EVERYTHING)
    selection = await as_usual(visit.db, visit.workspace_id, loaded.survey, every)
    place = (visit.db, visit.workspace_id, record.id)
    head = headline_of(loaded.survey)
    if head is not None and head.is_scored and not selection.is_latest:
        own = weeks.now.get(record.number, [])
        score = score_of(head, added([each.counts for each in own]))
        day = await last_day(*place, selection)
        last = None if day is None else date.fromordinal(day)
    else:
        score, last = await read_first_score(*place, loaded.survey, selection)
    if score is None:
        n, last = await _answered(visit, record, selection, last)
    else:
        n = f"{score.n:,}"
    hidden = await read_hidden(visit.db, loaded)
    is_known = score is not None and score.score is not None
    before = [] if selection.is_latest else weeks.before.get(record.number, [])
    change = _moved(loaded, head, score, before)
    return SurveyLine(
        title=title_of(loaded.survey),
        href=visit.path(f"/results/{quote(record.key)}"),
        status=record.status,
        metric=name_metric(score) if score and is_known else "",
        score=show_signed(score.score, score.unit) if score else NOTHING,
        of=f"of {show_number(score.range_high)}"
        if score and is_known and score.unit == "mean"
        else "",
        interval=f"{show_score(score.low, score.unit)} to {show_score(score.high, score.unit)}"
        if score and is_known
        else NOTHING,
        n=say_hidden(hidden) if hidden and not (score and score.n) else n,
        last=show_day_near(last, now.date()) if last else NOTHING,
        change=change,
        doubt="early days" if score is not None and 0 < score.n < SMALL_N else "",
        weeks=_line_of(head, weeks.now.get(record.number, [])),
    )


def _moved(
    loaded: LoadedSurvey,
    head: Headline | None,
    score: Score | None,
    before: Sequence[WeekCount],
) -> str:
    """Since as many days before, as sure as the survey's own page tells it."""
    old = score_of(head, added([each.counts for each in before])) if head else None
    found = score_difference(score, old, least=LEAST) if score and old else None
    if found is None or score is None:
        return NOTHING
    among = max(1, len(scored_questions(loaded.survey.questions)))
    is_sure = found.p * among <= SURE and found.low * found.high > 0
    return (say_move(found.by, score.unit) if is_sure else "") or NO_CHANGE


def _line_of(head: Headline | None, weeks: Sequence[WeekCount]) -> tuple[float | None, ...]:
    if head is None or not weeks:
        return ()
    by_week = {each.week: score_of(head, each.counts) for each in weeks}
    first = max(by_week)
    scores = [by_week.get(week) for week in range(first, -1, -1)]
    line = tuple(None if score is None else score.score for score in scores)
    return line if sum(value is not None for value in line) > 1 else ()


async def _answered(
    visit: Visit, record: SurveyRecord, selection: CountFilter, counted: date | None
) -> tuple[str, date | None]:
    """How many answered a survey without a score, and the day of the last one, where it is known.

    Texts are in no count.
    """
    days = await count_days(visit.db, visit.workspace_id, record.id, selection)
    if days is None:
        return f"Over {MOST_RESPONSES:,}", counted
    return f"{sum(days.values()):,}", date.fromordinal(max(days)) if days else None

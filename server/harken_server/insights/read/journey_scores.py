"""The scores of a journey: of each touchpoint by the survey that it asks, of stages, of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.asking.store.passing_sql import Passed, count_passed, count_ways
from harken_server.database.database import Database
from harken_server.insights.read.journey_weeks import (
    count_by_touchpoint,
    mondays_of,
    read_weekly_scores,
)
from harken_server.insights.read.scores import read_instrument
from harken_server.insights.read.taking_in import as_usual
from harken_server.insights.rules.comparing.breakdowns import (
    Counts,
    ScoreDifference,
    compare_scores,
)
from harken_server.insights.rules.comparing.journey_scores import (
    Index,
    IndexChange,
    Weighted,
    change_of,
    index_of,
    passed_on,
    weigh,
)
from harken_server.insights.rules.estimates import USUAL, Certainty
from harken_server.insights.rules.headlines import Headline, headline_of, score_of
from harken_server.insights.rules.scores import Score
from harken_server.journeys.rules.journeys import Journey, Stage
from harken_server.responses.response import CountFilter
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.published import Touchpoint
from harken_server.surveys.store.surveys import get_survey
from harken_server.workspaces.access import Acting

_A_DAY = timedelta(days=1)


class TouchpointScore(msgspec.Struct, frozen=True, kw_only=True):
    """One touchpoint."""

    key: str
    title: str
    owner: str
    weight: float
    survey: str | None
    gap: str
    """Why there is no score: `no survey here` (none is named, or it is not pushed yet), `no score`
    (its survey has none), `no answers`, or nothing."""
    score: Score | None
    index: Index
    change: ScoreDifference | None
    """Less the score of as many days before."""
    triggers: int
    """How often it was passed, as far as applications told."""
    asked: int
    answered: int
    """Of those asked, by their personal link."""


class StageScore(msgspec.Struct, frozen=True, kw_only=True):
    """One stage."""

    key: str
    title: str
    weight: float
    gap: str
    """`no survey here` where no touchpoint has one, `no answers`, or nothing."""
    index: Index
    change: IndexChange | None
    weeks: list[float | None]
    """Its index in each week (from Monday) of these days and of as many before, oldest first; null
    where nobody answered. Empty for instruments that only whole responses tell."""
    people: int
    """Named people who passed one of its touchpoints."""
    went_on: int
    """Of these, those who passed one of a later stage too."""
    triggers: int
    asked: int
    answered: int
    touchpoints: list[TouchpointScore]


class JourneyScore(msgspec.Struct, frozen=True, kw_only=True):
    """A whole journey."""

    index: Index
    change: IndexChange | None
    stages: list[StageScore]


class Periods(NamedTuple):
    """What is looked at, and with what it is compared."""

    now: CountFilter
    before: CountFilter


class _Both(NamedTuple):
    now: Score | None
    before: Score | None
    weeks: Mapping[int, Score | None] = {}
    """By their Mondays."""


async def read_journey(
    acting: Acting,
    journey: Journey,
    known: Mapping[str, Touchpoint],
    periods: Periods,
    certainty: Certainty = USUAL,
) -> JourneyScore:
    """`known` are the touchpoints of the workspace by key, as they hold now."""
    numbers = {
        touchpoint.key: number
        for number, stage in enumerate(journey.stages)
        for touchpoint in stage.touchpoints
    }
    surveys = sorted({known[key].survey or "" for key in numbers if key in known} - {""})
    scores = {
        survey: found
        for survey in surveys
        if (found := await _scores(acting, survey, periods, [*numbers], certainty)) is not None
    }
    since, until = _moments(acting, periods.now)
    place = acting.db, acting.workspace_id, numbers, since, until
    passed, ways = await count_passed(*place), await count_ways(*place)
    flow = passed_on(ways, len(journey.stages))
    found = [
        _stage(stage, flow[number], [
            _touchpoint(known.get(each.key, Touchpoint(key=each.key, survey=None)), scores, passed)
            for each in stage.touchpoints
        ], mondays_of(_both(periods)))
        for number, stage in enumerate(journey.stages)
    ]  # fmt: skip
    index = weigh([Weighted(stage.index, stage.weight) for stage, _ in found])
    before = weigh([Weighted(before, stage.weight) for stage, before in found])
    return JourneyScore(
        index=index, change=change_of(index, before), stages=[stage for stage, _ in found]
    )


async def _scores(
    acting: Acting, key: str, periods: Periods, touchpoints: list[str], certainty: Certainty
) -> dict[str, _Both] | None:
    """The number that a survey is known by, at each touchpoint; nothing where it has none.

    None where there is no such survey.
    """
    record = await get_survey(acting.db, acting.workspace_id, key)
    if record is None:
        return None
    survey = (await acting.runtime.of(Catalog).load(acting.workspace, record)).survey
    headline = headline_of(survey)
    place = acting.db, acting.workspace_id, record.id
    usual = Periods(*[await as_usual(*place[:2], survey, chosen) for chosen in periods])
    if headline is not None and headline.is_scored:
        return await _headlines(place, headline, usual, touchpoints, certainty)
    if survey.instrument is None:
        return {}
    found: dict[str, _Both] = {}
    for each in touchpoints:
        now, before = [
            await read_instrument(
                *place, survey, msgspec.structs.replace(chosen, touchpoint=each),
                certainty=certainty,
            )
            for chosen in usual
        ]  # fmt: skip
        found[each] = _Both(now, before)
    return found


async def _headlines(
    place: tuple[Database, UUID, UUID],
    headline: Headline,
    periods: Periods,
    touchpoints: list[str],
    certainty: Certainty,
) -> dict[str, _Both]:
    now, before = [
        _told(headline, await count_by_touchpoint(place, chosen, headline.question, touchpoints),
              certainty)
        for chosen in periods
    ]  # fmt: skip
    nobody = score_of(headline, {})
    every = msgspec.structs.replace(_both(periods), is_latest=False)
    weeks = await read_weekly_scores(*place, headline, every)
    return {
        each: _Both(now.get(each, nobody), before.get(each, nobody), weeks.get(each, {}))
        for each in touchpoints
    }


def _told(
    headline: Headline, groups: Mapping[str, Counts], certainty: Certainty
) -> dict[str, Score | None]:
    key = headline.question
    return {each: score_of(headline, counts[key], certainty) for each, counts in groups.items()}


def _touchpoint(
    stored: Touchpoint, scores: Mapping[str, Mapping[str, _Both]], passed: Mapping[str, Passed]
) -> tuple[TouchpointScore, _Both]:
    """With the scores that it is made of."""
    both = scores.get(stored.survey or "", {}).get(stored.key, _Both(None, None))
    flow = passed.get(stored.key, Passed(0, 0, 0))
    gap = ""
    if stored.survey not in scores:
        gap = "no survey here"
    elif both.now is None:
        gap = "no score"
    elif not both.now.n:
        gap = "no answers"
    changes = compare_scores([both.now], [both.before]) if both.now and both.before else []
    found = TouchpointScore(
        key=stored.key,
        title=stored.title,
        owner=stored.owner,
        weight=stored.weight,
        survey=stored.survey,
        gap=gap,
        score=both.now,
        index=index_of(both.now),
        change=changes[0] if changes else None,
        triggers=flow.triggers,
        asked=flow.asked,
        answered=flow.answered,
    )
    return found, both


def _stage(
    stage: Stage,
    flow: tuple[int, int],
    found: Sequence[tuple[TouchpointScore, _Both]],
    mondays: Sequence[int],
) -> tuple[StageScore, Index]:
    """With the index of as many days before."""
    index = weigh([Weighted(each.index, each.weight) for each, _ in found])
    before = weigh([Weighted(index_of(both.before), each.weight) for each, both in found])
    inside = [each for each, _ in found]
    gap = "" if index.n else "no answers"
    if all(each.gap == "no survey here" for each in inside):
        gap = "no survey here"
    people, went_on = flow
    scored = StageScore(
        key=stage.key,
        title=stage.title,
        weight=stage.weight,
        gap=gap,
        index=index,
        change=change_of(index, before),
        weeks=_by_week(found, mondays),
        people=people,
        went_on=went_on,
        triggers=sum(each.triggers for each in inside),
        asked=sum(each.asked for each in inside),
        answered=sum(each.answered for each in inside),
        touchpoints=inside,
    )
    return scored, before


def _by_week(
    found: Sequence[tuple[TouchpointScore, _Both]], mondays: Sequence[int]
) -> list[float | None]:
    if not any(both.weeks for _, both in found):
        return []
    return [
        weigh(
            [Weighted(index_of(both.weeks.get(monday)), each.weight) for each, both in found]
        ).value
        for monday in mondays
    ]


def _both(periods: Periods) -> CountFilter:
    """Both at once."""
    return msgspec.structs.replace(periods.now, from_day=periods.before.from_day)


def _moments(acting: Acting, chosen: CountFilter) -> tuple[datetime, datetime]:
    """From the first moment of the days to the first one after them, on the workspace's wall."""
    zone = acting.workspace.zone
    first, last = (date.fromordinal(day or 1) for day in (chosen.from_day, chosen.to_day))
    since = datetime.combine(first, time(), zone)
    return since.astimezone(UTC), datetime.combine(last + _A_DAY, time(), zone).astimezone(UTC)

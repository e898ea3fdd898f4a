"""What a results page shows, read for whoever may see it."""

from __future__ import annotations

from datetime import date

import msgspec

from harken_server.insights.live.states import place_of
from harken_server.insights.page import explained, parts
from harken_server.insights.page.change import held_to_all
from harken_server.insights.page.opened import OpenResults, followed_by
from harken_server.insights.page.reach import asked_of, left_after_of
from harken_server.insights.page.selection import days_before
from harken_server.insights.page.view import ResultsView
from harken_server.insights.page.weighing import weigh, weigh_before
from harken_server.insights.page.why import with_reasons
from harken_server.insights.read.comments import PAGE_SIZE
from harken_server.insights.read.group_times import GroupTimes
from harken_server.insights.read.scores import (
    Overview,
    answers_of,
    read_scores,
    with_proved,
)
from harken_server.insights.read.withheld import read_hidden
from harken_server.insights.rules.comparing.breakdowns import ScoreDifference, compare_scores
from harken_server.insights.rules.comparing.targets import with_target
from harken_server.insights.rules.scores import Score, is_weighted
from harken_server.insights.store.counts import (
    FilterValues,
    has_sample_responses,
    read_filter_values,
)
from harken_server.insights.store.groups_sql import COLUMNS
from harken_server.insights.store.people_sql import People, count_people
from harken_server.insights.store.rates_sql import Finished, count_finished
from harken_server.responses.response import CountFilter
from harken_server.responses.store.read import Apart, count_apart
from harken_server.surveys.store.targets import get_targets
from harken_server.surveys.store.touchpoints import list_touchpoints
from harken_server.workspaces.rules.channels import ChannelNames
from harken_server.workspaces.rules.dimensions import OTHER


async def read_view(opened: OpenResults) -> ResultsView:
    """Everything on the page."""
    place = await place_of(followed_by(opened))  # first, so that nothing is missed
    overview = await parts.overview_of(opened)
    weighed = await weigh(opened, overview)
    view = msgspec.structs.replace(
        await _counted(opened, overview, weighed.overview),
        drivers=await explained.drivers_of(opened),
        heat=await explained.heat_of(opened, parts.key_about(opened, overview)),
        happened=await parts.happened_in(opened),
        segments=opened.segments,
        is_latest=opened.filter.is_latest,
        place=place,
        weights=opened.weights,
        weighting=weighed.weighting,
        refused=opened.refused or weighed.refused,
        hidden=await read_hidden(opened.runtime.db, opened.loaded),
    )
    by = view.groups.by if view.groups else ""
    view = msgspec.structs.replace(
        view,
        left_after=await left_after_of(opened, view.finished),
        asked=await asked_of(opened, by),
        fix=await explained.fix_of(opened, view),
    )
    return await with_reasons(opened, view)


async def _counted(opened: OpenResults, overview: Overview, shown: Overview) -> ResultsView:
    """What the counts and the comments say; `shown` are perhaps weighted, groups never."""
    loaded, chosen = opened.loaded, opened.filter
    options = await _options(opened)
    before, breakdowns, groups = await _broken_down(opened, overview, options)
    page = await parts.comments_of(opened, opened.before, PAGE_SIZE)
    people, apart, finished = await _people(opened, overview)
    return ResultsView(
        survey=loaded.survey,
        locale=loaded.survey.locale,
        status=loaded.record.status,
        version=loaded.number,
        generated_at=opened.now,
        zone=loaded.workspace.timezone,
        path=opened.path,
        token=opened.token,
        selection=opened.selection,
        options=options,
        first_day=_date(chosen.from_day),
        last_day=_date(chosen.to_day) or opened.now.date(),
        has_samples=await has_sample_responses(*opened.place),
        period=overview.period,
        scores=await _scores(opened, shown),
        instrument=await parts.instrument_of(opened),
        beside=_days_of(before),
        changes=await _changes(opened, shown, before),
        groups=groups,
        about=parts.key_about(opened, overview),
        breakdowns=breakdowns,
        trends=shown.trends,
        distributions=overview.distributions,
        versions=overview.versions,
        comments=page.comments,
        people=people,
        apart=apart,
        finished=finished,
        older=page.older,
        is_first_page=opened.before is None,
    )


async def _broken_down(
    opened: OpenResults, overview: Overview, options: FilterValues
) -> tuple[CountFilter | None, tuple[str, ...], GroupTimes | None]:
    """What is compared with, what can be broken down by, and what is."""
    before = days_before(opened.selection, opened.filter)
    offered = parts.breakdowns_of(opened, _several(options))
    return before, offered, await parts.groups_offered(opened, overview, before, offered)


def _date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)


def _days_of(chosen: CountFilter | None) -> tuple[date, date] | None:
    if chosen is None or chosen.from_day is None or chosen.to_day is None:
        return None
    return date.fromordinal(chosen.from_day), date.fromordinal(chosen.to_day)


def _several(options: FilterValues) -> list[str]:
    """The columns with more than one value to break down by."""
    values = {"touchpoint": options.touchpoints, "channel": options.channels,
              "version": options.versions}  # fmt: skip
    return [name for name in COLUMNS if len(values[name]) > 1]


async def _changes(
    opened: OpenResults, overview: Overview, before: CountFilter | None
) -> dict[str, ScoreDifference]:
    """What each score has become since, by its question."""
    if before is None:
        return {}
    if is_weighted(overview.scores):
        older = await weigh_before(opened, before)
    else:
        older = await read_scores(*opened.place, opened.loaded.survey.questions, before)
    pairs = overview.scores if older else ()
    return held_to_all(pairs, compare_scores(pairs, older))


async def _scores(opened: OpenResults, overview: Overview) -> tuple[Score, ...]:
    """With how many are proved, but not by store: no index leads to a store's responses."""
    if opened.filter.stores:
        return overview.scores
    targets, found = await get_targets(*opened.place), overview.scores
    if not is_weighted(found):
        questions = opened.loaded.survey.questions
        found = await with_proved(*opened.place, questions, found, selection=opened.filter)
    return tuple(with_target(score, targets) for score in found)


async def _people(
    opened: OpenResults, overview: Overview
) -> tuple[People | None, Apart, Finished | None]:
    """Who gave the responses, what does not count, and who came to the end; not by store."""
    if opened.filter.stores:
        return People(0, 0, 0), Apart(), None
    people = await count_people(*opened.place, opened.filter, least=answers_of(overview.scores))
    finished = await count_finished(*opened.place, opened.filter) if people else None
    return people, await count_apart(*opened.place, opened.filter), finished


async def _options(opened: OpenResults) -> FilterValues:
    """What the form offers: of what was counted only words that the house knows."""
    runtime, workspace, reach = opened.runtime, opened.loaded.workspace, opened.reach
    found = await read_filter_values(*opened.place, stores=reach.stores)
    channels = {*runtime.of(ChannelNames).built_in, *workspace.channels}
    touchpoints = {OTHER, *opened.loaded.survey.touchpoints}
    touchpoints |= {one.key for one in await list_touchpoints(runtime.db, workspace.id)}
    return FilterValues(
        reach.touchpoints or tuple(name for name in found.touchpoints if name in touchpoints),
        tuple(name for name in found.channels if name in channels),
        found.versions,
        reach.stores,
    )

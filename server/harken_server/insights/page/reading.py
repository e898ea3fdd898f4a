"""What a results page shows, and what its files hold, read for whoever may see it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.packed import Reply
from harken_server.http.pages import download
from harken_server.http.runtime import Runtime
from harken_server.insights.page import tables
from harken_server.insights.page.view import ResultsView, Selection, labels_of
from harken_server.insights.read.comments import (
    MAX_COMMENTS,
    PAGE_SIZE,
    CommentPage,
    read_comments,
)
from harken_server.insights.read.scores import (
    Overview,
    answers_of,
    read_instrument,
    read_overview,
    read_scores,
    with_proved,
)
from harken_server.insights.read.withheld import read_hidden
from harken_server.insights.rules.breakdowns import compare_scores
from harken_server.insights.rules.scores import Score
from harken_server.insights.store.counts import (
    FilterValues,
    has_sample_responses,
    read_filter_values,
)
from harken_server.insights.store.people_sql import People, count_people
from harken_server.responses.response import CountFilter
from harken_server.responses.store.read import Apart, count_apart
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.surveys.protection import minimum_of
from harken_server.surveys.questions.types import Question
from harken_server.surveys.store.touchpoints import list_touchpoints
from harken_server.workspaces.people.rules import Reach
from harken_server.workspaces.rules.channels import ChannelNames
from harken_server.workspaces.rules.dimensions import OTHER

EVERYTHING = Reach()
"""What whoever is on no front line sees."""


class OpenResults(msgspec.Struct, kw_only=True, frozen=True):
    """Results that somebody may see, and what they asked to be shown."""

    runtime: Runtime
    loaded: LoadedSurvey
    token: str = ""
    """Of the signed link; empty in the console."""
    path: str
    """Path of the page under the public address."""
    selection: Selection
    filter: CountFilter
    now: datetime
    question: str
    """Key of the question that a CSV file is about; empty for the page."""
    before: str | None
    """Cursor of older comments."""
    reads_comments: bool = True
    """Whether they may read what people wrote."""
    reach: Reach = EVERYTHING
    """The only stores and touchpoints that they see; without any: everything."""


def turn_of(opened: OpenResults) -> AbstractAsyncContextManager[None]:
    """Results are reckoned a few at once."""
    return opened.runtime.of(HeavyReads).turn("reckoning", opened.loaded.workspace.id)


async def read_view(opened: OpenResults) -> ResultsView:
    """Everything on the page."""
    db, loaded = opened.runtime.db, opened.loaded
    ids = (loaded.workspace.id, loaded.record.id)
    overview = await _overview(opened)
    page = await _comments(opened, opened.before, PAGE_SIZE)
    people, apart = await _people(opened, overview)
    first = opened.filter.from_day
    return ResultsView(
        survey=loaded.survey,
        locale=loaded.survey.locale,
        status=loaded.record.status,
        version=loaded.number,
        generated_at=opened.now,
        path=opened.path,
        token=opened.token,
        selection=opened.selection,
        options=await _options(opened),
        first_day=None if first is None else date.fromordinal(first),
        last_day=opened.now.date(),
        has_samples=await has_sample_responses(db, *ids),
        period=overview.period,
        scores=await _scores(opened, overview),
        instrument=await _instrument(opened),
        changes=await _changes(opened, overview),
        trends=overview.trends,
        distributions=overview.distributions,
        versions=overview.versions,
        comments=page.comments,
        people=people,
        hidden=await read_hidden(db, loaded),
        apart=apart,
        older=page.older,
        is_first_page=opened.before is None,
    )


async def _changes(opened: OpenResults, overview: Overview) -> dict[str, str]:
    """What each score has become since as many days before, in a sentence, by its question."""
    chosen = opened.filter
    if chosen.from_day is None or chosen.to_day is None:
        return {}
    days = chosen.to_day - chosen.from_day + 1
    before = msgspec.structs.replace(
        chosen, from_day=chosen.from_day - days, to_day=chosen.from_day - 1
    )
    loaded = opened.loaded
    place = (opened.runtime.db, loaded.workspace.id, loaded.record.id)
    older = await read_scores(*place, loaded.survey.questions, before)
    return {
        each.question: f"{each.says} Beside the {days} days before."
        for each in compare_scores(overview.scores, older)
    }


async def read_file(opened: OpenResults, file: str) -> Reply | None:
    """The CSV file of that name; None when there is no such file or question."""
    content = await _file(opened, file)
    if content is None:
        return None
    is_asked = opened.question in {each.key for each in opened.loaded.survey.questions}
    parts = (opened.loaded.record.key, opened.question if is_asked else "", file)
    name = "-".join(part for part in parts if part)
    return download(name, "text/csv; charset=utf-8", content)


async def _scores(opened: OpenResults, overview: Overview) -> tuple[Score, ...]:
    """With how many are proved, but not by store: no index leads to a store's responses."""
    if opened.filter.stores:
        return overview.scores
    loaded = opened.loaded
    place = (opened.runtime.db, loaded.workspace.id, loaded.record.id)
    questions = loaded.survey.questions
    return tuple(await with_proved(*place, questions, overview.scores, selection=opened.filter))


async def _people(opened: OpenResults, overview: Overview) -> tuple[People | None, Apart]:
    """Who gave the responses, and what does not count; not by store, as for `_scores`."""
    if opened.filter.stores:
        return People(0, 0, 0), Apart()
    place = (opened.runtime.db, opened.loaded.workspace.id, opened.loaded.record.id)
    people = await count_people(*place, opened.filter, least=answers_of(overview.scores))
    return people, await count_apart(*place, opened.filter)


async def _options(opened: OpenResults) -> FilterValues:
    """What the form offers: of what was counted only words that the house knows."""
    runtime, workspace, reach = opened.runtime, opened.loaded.workspace, opened.reach
    found = await read_filter_values(
        runtime.db, workspace.id, opened.loaded.record.id, stores=reach.stores
    )
    channels = {*runtime.of(ChannelNames).built_in, *workspace.channels}
    touchpoints = {OTHER, *opened.loaded.survey.touchpoints}
    touchpoints |= {one.key for one in await list_touchpoints(runtime.db, workspace.id)}
    return FilterValues(
        reach.touchpoints or tuple(name for name in found.touchpoints if name in touchpoints),
        tuple(name for name in found.channels if name in channels),
        found.versions,
        reach.stores,
    )


async def _file(opened: OpenResults, file: str) -> bytes | None:
    if file == "comments.csv":
        page = await _comments(opened, None, MAX_COMMENTS)
        return tables.comment_csv(page.comments) if opened.reads_comments else None
    overview = await _overview(opened)
    if file == "scores.csv":
        first = await _instrument(opened)
        return tables.score_csv((*([] if first is None else [first]), *overview.scores))
    if file == "choices.csv":
        return _choices(opened, overview)
    for score, trend in zip(overview.scores, overview.trends, strict=True):
        if score.question == opened.question:
            made = {"ratings.csv": tables.rating_csv(score), "trend.csv": tables.trend_csv(trend)}
            return made.get(file)
    return None


async def _comments(opened: OpenResults, before: str | None, limit: int) -> CommentPage:
    """What people wrote; nothing for whoever sees scores alone, and of a survey with a minimum
    group nothing of a part: people are known by their words."""
    loaded, period = opened.loaded, (opened.filter.from_day, opened.filter.to_day)
    is_part = opened.filter != CountFilter(from_day=period[0], to_day=period[1])
    if not opened.reads_comments or (is_part and minimum_of(loaded.survey)):
        return CommentPage((), None)
    return await read_comments(
        opened.runtime.db,
        loaded.workspace.id,
        loaded.record.id,
        loaded.survey.questions,
        opened.filter,
        before=before,
        limit=limit,
    )


async def _instrument(opened: OpenResults) -> Score | None:
    db, loaded = opened.runtime.db, opened.loaded
    ids = (loaded.workspace.id, loaded.record.id)
    return await read_instrument(db, *ids, loaded.survey, opened.filter)


def _choices(opened: OpenResults, overview: Overview) -> bytes | None:
    survey = opened.loaded.survey
    found = [part for part in overview.distributions if part.question == opened.question]
    asked = [question for question in survey.questions if question.key == opened.question]
    if not found or not asked:
        return None
    labels = labels_of(asked[0], survey, overview.versions, survey.locale)
    return tables.distribution_csv(found, lambda value: labels.get(value, value))


async def _overview(opened: OpenResults) -> Overview:
    loaded, catalog = opened.loaded, opened.runtime.of(Catalog)

    async def version_of(number: int) -> Sequence[Question]:
        found = await catalog.load(loaded.workspace, loaded.record, number)
        return found.survey.questions

    return await read_overview(
        opened.runtime.db,
        loaded.workspace.id,
        loaded.record.id,
        loaded.survey.questions,
        opened.filter,
        version_of=version_of,
    )

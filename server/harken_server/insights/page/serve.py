"""The results page behind a signed read-only link, and the CSV file of each of its pictures."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date

from harken_server.http.declared import Arrival
from harken_server.http.header_values import attachment
from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.packed import Reply
from harken_server.http.pages import PRIVATE, Document, Reader, Shown, page
from harken_server.insights.page import tables
from harken_server.insights.page.access import OpenResults, open_results
from harken_server.insights.page.results_page import render_notice, render_results
from harken_server.insights.page.view import ResultsView, labels_of
from harken_server.insights.read.comments import MAX_COMMENTS, read_comments
from harken_server.insights.read.scores import (
    Overview,
    read_instrument,
    read_overview,
    with_proved,
)
from harken_server.insights.rules.scores import Score
from harken_server.insights.store.counts import (
    FilterValues,
    has_sample_responses,
    read_filter_values,
)
from harken_server.insights.store.people_sql import count_people
from harken_server.responses.store.read import count_apart
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.questions.types import Question
from harken_server.surveys.store.touchpoints import list_touchpoints
from harken_server.workspaces.rules.channels import ChannelNames
from harken_server.workspaces.rules.dimensions import OTHER


def _refuse(_: Arrival) -> Document:
    """One answer for a wrong, an expired and a forged link: nothing is told apart."""
    return render_notice(
        "This results link is not valid",
        "It may have expired, or a part of it got lost. Ask whoever sent it for a new one.",
        403,
    )


RESULTS = Reader(open_results, _refuse)


@page("/results/{survey:str}", reader=RESULTS)
async def show_results(opened: OpenResults) -> Shown:
    """Scores, distributions, trends and comments of one survey, read-only."""
    async with _turn(opened):
        return render_results(await _view(opened))


@page("/results/{survey:str}/{file:str}", reader=RESULTS)
async def show_file(opened: OpenResults, file: str) -> Shown:
    """scores.csv, ratings.csv, trend.csv, choices.csv or comments.csv, with the page's filter."""
    async with _turn(opened):
        content = await _file(opened, file)
    if content is None:
        text = "Go back to the results and try again."
        return render_notice("There is no such file", text, 404)
    is_asked = opened.question in {each.key for each in opened.loaded.survey.questions}
    parts = (opened.loaded.record.key, opened.question if is_asked else "", file)
    return Reply(
        200,
        {
            **PRIVATE,
            "content-type": "text/csv; charset=utf-8",
            "content-disposition": attachment("-".join(part for part in parts if part)),
        },
        content,
    )


def _turn(opened: OpenResults) -> AbstractAsyncContextManager[None]:
    return opened.runtime.of(HeavyReads).turn("reckoning", opened.loaded.workspace.id)


async def _view(opened: OpenResults) -> ResultsView:
    db, loaded = opened.runtime.db, opened.loaded
    ids = (loaded.workspace.id, loaded.record.id)
    overview = await _overview(opened)
    page = await read_comments(
        db, *ids, loaded.survey.questions, opened.filter, before=opened.before
    )
    scores = await with_proved(
        db, *ids, loaded.survey.questions, overview.scores, selection=opened.filter
    )
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
        scores=tuple(scores),
        instrument=await _instrument(opened),
        trends=overview.trends,
        distributions=overview.distributions,
        versions=overview.versions,
        comments=page.comments,
        people=await count_people(db, *ids, opened.filter),
        apart=await count_apart(db, *ids, opened.filter),
        older=page.older,
        is_first_page=opened.before is None,
    )


async def _options(opened: OpenResults) -> FilterValues:
    """What the form offers: of what was counted only words that the house knows."""
    runtime, workspace = opened.runtime, opened.loaded.workspace
    found = await read_filter_values(runtime.db, workspace.id, opened.loaded.record.id)
    channels = {*runtime.of(ChannelNames).built_in, *workspace.channels}
    touchpoints = {OTHER, *opened.loaded.survey.touchpoints}
    touchpoints |= {one.key for one in await list_touchpoints(runtime.db, workspace.id)}
    return FilterValues(
        tuple(name for name in found.touchpoints if name in touchpoints),
        tuple(name for name in found.channels if name in channels),
        found.versions,
    )


async def _file(opened: OpenResults, file: str) -> bytes | None:
    """The CSV of that name; None when there is no such file or question."""
    if file == "comments.csv":
        loaded = opened.loaded
        page = await read_comments(
            opened.runtime.db,
            loaded.workspace.id,
            loaded.record.id,
            loaded.survey.questions,
            opened.filter,
            limit=MAX_COMMENTS,
        )
        return tables.comment_csv(page.comments)
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

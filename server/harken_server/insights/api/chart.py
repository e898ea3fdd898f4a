"""Pictures of a survey's numbers, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias, assert_never

import msgspec
from litestar import Response

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.insights.api.finding import WantedScores, find_scores, loaded_for
from harken_server.insights.page import drawn
from harken_server.insights.page.drawn import Paper
from harken_server.insights.page.pictures.standalone import LEAST_WIDTH, MOST_WIDTH, Theme
from harken_server.insights.read.breakdowns import OfSurvey, read_breakdown
from harken_server.insights.read.heat_map import read_heat_map
from harken_server.insights.read.place import Place
from harken_server.insights.read.scores import Overview, Trends, read_overview, read_trends
from harken_server.insights.read.taking_in import taken_in
from harken_server.insights.read.weighted import (
    check_rated,
    read_weighted,
    read_weighted_trends,
)
from harken_server.insights.read.weights import WeightQuery, check_weighted
from harken_server.insights.rules.drivers.records import Wish
from harken_server.insights.rules.estimates import USUAL
from harken_server.insights.rules.scores import Score
from harken_server.insights.rules.trends import Period
from harken_server.insights.store.annotations import list_annotations
from harken_server.responses.response import CountFilter
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.questions.types import Question
from harken_server.workspaces.keyed import Call, get

Kind: TypeAlias = Literal[
    "score", "distribution", "trend", "breakdown", "heat_map", "importance_performance"
]
_WEIGHTED_KINDS = frozenset({"score", "trend", "breakdown"})
_HEADERS = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


class ChartQuery(
    WeightQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """What is drawn, of which answers, and for what it is to be put on."""

    kind: Kind = "score"
    """breakdown needs `by`."""
    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """Left out: the survey's first one with a score."""
    by: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """Of a breakdown: touchpoint, stage, channel, version, wave or a declared dimension."""
    rows: Annotated[str, msgspec.Meta(max_length=32)] = "touchpoint"
    """Of a heat map: as of a breakdown, or locale, weekday, hour."""
    columns: Annotated[str, msgspec.Meta(max_length=32)] = "channel"
    """Another one of these."""
    period: Period | None = None
    """Of a trend: left out, days for a fortnight or less, months beyond two years, else weeks."""
    theme: Theme = "auto"
    """auto: light or dark as the reader's device has it."""
    width: int | None = None
    """240 to 2,000 pixels; left out: whatever it is given, its texts keeping their size."""


class _Asked(msgspec.Struct, frozen=True):
    call: Call
    record: SurveyRecord
    loaded: LoadedSurvey
    chosen: CountFilter
    query: ChartQuery
    paper: Paper


@get(
    "/surveys/{key:str}/chart.svg",
    "get_chart",
    "A picture of a score, distribution, trend or breakdown",
    reply_type="image/svg+xml",
    errors=(404, 429),
)
async def chart(call: Call, key: str, query: ChartQuery) -> Response[bytes]:
    """Light and dark, with title, description and every number in words; no script."""
    if query.width is not None and not LEAST_WIDTH <= query.width <= MOST_WIDTH:
        raise BadRequestError(
            f"width is {query.width}; it must be {LEAST_WIDTH} to {MOST_WIDTH} pixels.",
            code="bad_parameter",
        )
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        record = await find_record(call, key)
        taken = await taken_in(
            call.runtime, call.workspace, record, query, is_over_time=query.kind == "trend"
        )
        check_weighted(query, taken.repeated, None)
        _check_kind(query)
        loaded = await loaded_for(call, record, query.version)
        paper = Paper(query.theme, query.width)
        body = await _draw(_Asked(call, record, loaded, taken.selection, query, paper))
    return Response(body, media_type="image/svg+xml", headers=_HEADERS)


def _check_kind(query: ChartQuery) -> None:
    """BadRequestError for a picture of weighted numbers that there is not."""
    if query.weight is not None and query.kind not in _WEIGHTED_KINDS:
        raise BadRequestError(
            f"weight is of kind={', '.join(sorted(_WEIGHTED_KINDS))}, not of {query.kind}.",
            code="bad_parameter",
        )


async def _draw(asked: _Asked) -> bytes:
    survey, kind = asked.loaded.survey, asked.query.kind
    if kind == "distribution" and (question := _chosen(asked)) is not None:
        return await _choices(asked, question)
    if kind == "trend":
        return await _trend(asked)
    if kind == "importance_performance":
        return await _drivers(asked)
    score, questions = await _score(asked)
    match kind:
        case "score":
            return drawn.score_file(survey, score, asked.paper)
        case "distribution":
            return drawn.ratings_file(survey, score, asked.paper)
        case "breakdown":
            return await _breakdown(asked, score, questions)
        case "heat_map":
            return await _heat_map(asked, score, questions)
        case _:
            assert_never(kind)


def _chosen(asked: _Asked) -> Question | None:
    """The question asked for, if it is one with choices."""
    for question in asked.loaded.survey.questions:
        if question.key == asked.query.question and question.behaviour.is_chosen:
            return question
    return None


async def _score(asked: _Asked) -> tuple[Score, list[Question]]:
    query = asked.query
    wanted = WantedScores(asked.call, asked.record, asked.chosen, query.question, None, USUAL)
    scores, questions = await find_scores(wanted)
    if not scores:
        raise _no_score(asked)
    if query.weight is None:
        return scores[0], [*questions]
    check_rated(scores[:1], questions)
    told = await read_weighted(_of(asked, questions), asked.chosen, query)
    return next(each for each in told.scores if each.question == scores[0].question), [*questions]


def _of(asked: _Asked, questions: Sequence[Question]) -> OfSurvey:
    return OfSurvey(asked.call.runtime, asked.call.workspace, asked.record, questions, USUAL)


async def _trend(asked: _Asked) -> bytes:
    survey, call, chosen = asked.loaded.survey, asked.call, asked.chosen
    found = await _over_time(asked)
    for score, points in found.trends:
        if asked.query.question in {None, score.question}:
            happened = await list_annotations(
                call.db, call.workspace_id, days=(chosen.from_day, chosen.to_day),
                survey=asked.record.key, touchpoint=chosen.touchpoint,
            )  # fmt: skip
            return drawn.trend_file(
                survey, score, points, found.period, asked.paper, happened=happened
            )
    raise _no_score(asked)


async def _over_time(asked: _Asked) -> Trends:
    call, questions = asked.call, asked.loaded.survey.questions
    if asked.query.weight is None:
        return await read_trends(
            call.db, call.workspace_id, asked.record.id, questions, asked.chosen,
            period=asked.query.period,
        )  # fmt: skip
    of = _of(asked, questions)
    over_time = msgspec.structs.replace(asked.chosen, is_latest=False)
    told, _ = await read_weighted_trends(of, over_time, asked.query, asked.query.period)
    return told


async def _choices(asked: _Asked, question: Question) -> bytes:
    found = await _overview(asked)
    own = [each for each in found.distributions if each.question == question.key]
    survey = asked.loaded.survey
    return drawn.choices_file(survey, question, own, found.versions, asked.paper)


async def _overview(asked: _Asked) -> Overview:
    call, catalog = asked.call, asked.call.runtime.of(Catalog)

    async def version_of(number: int) -> Sequence[Question]:
        return (await catalog.load(call.workspace, asked.record, number)).survey.questions

    return await read_overview(
        call.db,
        call.workspace_id,
        asked.record.id,
        asked.loaded.survey.questions,
        asked.chosen,
        version_of=version_of,
    )


async def _breakdown(asked: _Asked, score: Score, questions: Sequence[Question]) -> bytes:
    if asked.query.by is None:
        raise BadRequestError(
            "kind=breakdown needs by: touchpoint, channel, version, stage or a dimension.",
            code="bad_parameter",
        )
    of = _of(asked, [each for each in questions if each.key == score.question])
    by = asked.query.by
    if asked.query.weight is None:
        beside = await read_breakdown(of, asked.chosen, [score], by=by, compare=None)
    else:
        beside = (await read_weighted(of, asked.chosen, asked.query, by=by)).beside
    survey, groups = asked.loaded.survey, beside.groups or []
    return drawn.breakdown_file(survey, score, groups, asked.query.by, asked.paper)


async def _heat_map(asked: _Asked, score: Score, questions: Sequence[Question]) -> bytes:
    call, names = asked.call, (asked.query.rows, asked.query.columns)
    of = _of(asked, [each for each in questions if each.key == score.question])
    zone = call.workspace.zone
    found = await read_heat_map(of, asked.chosen, names, zone=zone, now=call.now())
    if not found:
        raise _no_score(asked)
    by = " and ".join(names)
    return drawn.heat_file(asked.loaded.survey, score, found[0], by, asked.paper)


async def _drivers(asked: _Asked) -> bytes:
    from harken_server.insights.read.drivers import read_drivers  # numpy: for whoever asks

    call, survey = asked.call, asked.loaded.survey
    place = Place(call.db, call.workspace_id, asked.record.id, survey.questions, asked.chosen)
    _, found = await read_drivers(place, asked.query.question, None, Wish())
    return drawn.drivers_file(survey, found, asked.paper)


def _no_score(asked: _Asked) -> BadRequestError:
    named = f" question {asked.query.question!r} with a score" if asked.query.question else " score"
    return BadRequestError(f"Survey {asked.record.key} has no{named}.", code="bad_parameter")

"""Pictures of a survey's numbers, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import msgspec
from litestar import Response

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.insights.api.chart_query import ChartQuery, check_kind
from harken_server.insights.api.finding import (
    WantedScores,
    check_level,
    find_scores,
    loaded_for,
)
from harken_server.insights.api.journey_scores import JourneyScoresQuery, reckon_journey
from harken_server.insights.page import drawn
from harken_server.insights.page.drawn import Paper
from harken_server.insights.page.journeys import journey_file
from harken_server.insights.page.pictures.standalone import LEAST_WIDTH, MOST_WIDTH
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
from harken_server.insights.read.weights import check_weighted
from harken_server.insights.rules.drivers.records import Wish
from harken_server.insights.rules.estimates import Certainty, choose_certainty
from harken_server.insights.rules.scores import Score
from harken_server.insights.store.annotations import list_annotations
from harken_server.journeys.store import list_journeys
from harken_server.responses.filters import FilterQuery
from harken_server.responses.response import CountFilter
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.questions.types import Question
from harken_server.surveys.store.touchpoints import list_touchpoints
from harken_server.workspaces.keyed import Call, get

_HEADERS = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


class _Asked(msgspec.Struct, frozen=True):
    call: Call
    record: SurveyRecord
    loaded: LoadedSurvey
    chosen: CountFilter
    query: ChartQuery
    paper: Paper
    certainty: Certainty


@get(
    "/surveys/{key:str}/chart.svg",
    "get_chart",
    "A picture of numbers: of a score, a trend, a breakdown, drivers or the journey",
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
    certainty = choose_certainty(check_level(query.level), None)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        record = await find_record(call, key)
        taken = await taken_in(
            call.runtime, call.workspace, record, query, is_over_time=query.kind == "trend"
        )
        check_weighted(query, taken.repeated, None)
        check_kind(query)
        loaded = await loaded_for(call, record, query.version)
        paper = Paper(query.theme, query.width)
        asked = _Asked(call, record, loaded, taken.selection, query, paper, certainty)
        body = await _draw(asked)
    return Response(body, media_type="image/svg+xml", headers=_HEADERS)


async def _draw(asked: _Asked) -> bytes:
    survey, kind = asked.loaded.survey, asked.query.kind
    if kind == "distribution" and (question := _chosen(asked)) is not None:
        return await _choices(asked, question)
    if kind == "trend":
        return await _trend(asked)
    if kind == "importance_performance":
        return await _drivers(asked)
    if kind == "journey":
        return await _journey(asked)
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
    wanted = WantedScores(
        asked.call, asked.record, asked.chosen, query.question, None, asked.certainty
    )
    scores, questions = await find_scores(wanted)
    if not scores:
        raise _no_score(asked)
    if query.weight is None:
        return scores[0], [*questions]
    check_rated(scores[:1], questions)
    told = await read_weighted(_of(asked, questions), asked.chosen, query)
    return next(each for each in told.scores if each.question == scores[0].question), [*questions]


def _of(asked: _Asked, questions: Sequence[Question]) -> OfSurvey:
    return OfSurvey(
        asked.call.runtime, asked.call.workspace, asked.record, questions, asked.certainty
    )


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
            period=asked.query.period, certainty=asked.certainty,
        )  # fmt: skip
    of = _of(asked, questions)
    over_time = msgspec.structs.replace(asked.chosen, is_latest=False)
    told, _ = await read_weighted_trends(of, over_time, asked.query, asked.query.period)
    return told


async def _choices(asked: _Asked, question: Question) -> bytes:
    found = await _overview(asked)
    own = [each for each in found.distributions if each.question == question.key]
    survey = asked.loaded.survey
    return drawn.choices_file(
        survey, question, own, found.versions, asked.paper, level=asked.query.level
    )


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
        period=asked.query.period,
        certainty=asked.certainty,
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
    return drawn.heat_file(asked.loaded.survey, score, found[0], names, asked.paper)


async def _drivers(asked: _Asked) -> bytes:
    from harken_server.insights.read.drivers import read_drivers  # numpy: for whoever asks

    call, survey = asked.call, asked.loaded.survey
    place = Place(call.db, call.workspace_id, asked.record.id, survey.questions, asked.chosen)
    _, found = await read_drivers(place, asked.query.question, None, Wish(level=asked.query.level))
    return drawn.drivers_file(survey, found, asked.paper, level=asked.query.level)


async def _journey(asked: _Asked) -> bytes:
    query = asked.query
    others = msgspec.to_builtins(FilterQuery(**{
        name: getattr(query, name) for name in FilterQuery.__struct_fields__
        if name not in {"from_", "to", "channel", "where"}
    }))  # fmt: skip
    if others:
        raise BadRequestError(
            f"kind=journey takes from, to, channel and where, not {', '.join(others)}.",
            code="bad_parameter",
        )
    key = query.journey or await _journey_of(asked)
    chosen = JourneyScoresQuery(
        from_=query.from_, to=query.to, channel=query.channel, where=query.where
    )
    found = await reckon_journey(asked.call, key, chosen, asked.certainty)
    return journey_file(found.title, found.scores, asked.paper, query.level)


async def _journey_of(asked: _Asked) -> str:
    """The first by key that has a touchpoint which asks the survey."""
    call, survey = asked.call, asked.record.key
    known = await list_touchpoints(call.db, call.workspace_id)
    asking = {each.key for each in known if each.survey == survey}
    for stored in await list_journeys(call.db, call.workspace_id):
        stages = stored.journey.stages
        if asking & {each.key for stage in stages for each in stage.touchpoints}:
            return stored.journey.key
    raise BadRequestError(
        f"No journey asks the survey {survey}; name one in journey.", code="bad_parameter"
    )


def _no_score(asked: _Asked) -> BadRequestError:
    named = f" question {asked.query.question!r} with a score" if asked.query.question else " score"
    return BadRequestError(f"Survey {asked.record.key} has no{named}.", code="bad_parameter")

"""Requests about surveys, their responses, scores and exports, as `Call`s."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from harken._calls.conversation import Call, Reply
from harken._calls.definition_files import DefinitionFormat
from harken._calls.reading import read_as, read_bytes, read_list, read_nothing
from harken._calls.request import delete, get, push, segment, send, without_none
from harken._types.numbers.chart import ChartOptions
from harken._types.numbers.heat_map import HeatMapOptions, HeatMaps, Leaderboard, LeaderboardOptions
from harken._types.numbers.options import NumberOptions, ScoreOptions
from harken._types.numbers.rates import Rates
from harken._types.numbers.score import Scores, SurveyTarget
from harken._types.numbers.trend import TrendOptions, Trends
from harken._types.response import Receipt, Response, ResponsePage
from harken._types.survey import PushResult, ResultsLink, Survey, SurveySummary
from harken._values import Id, all_entries, name_of

if TYPE_CHECKING:
    from typing_extensions import Unpack


def push_survey(definition: bytes, format: DefinitionFormat, *, dry_run: bool) -> Call[PushResult]:
    """POST /v1/surveys; pushing the same definition again changes nothing, so it may repeat."""
    return push("/v1/surveys", read_as(PushResult), definition, format, dry_run=dry_run)


def get_survey(key: str, version: int | None) -> Call[Survey]:
    """GET /v1/surveys/{key}."""
    return get(path_of(key), read_as(Survey), version=version)


def list_surveys() -> Call[tuple[SurveySummary, ...]]:
    """GET /v1/surveys."""
    return get("/v1/surveys", read_list("surveys", SurveySummary))


def set_status(key: str, status: str) -> Call[SurveySummary]:
    """POST /v1/surveys/{key}/status; a repeat changes nothing."""
    return send("POST", f"{path_of(key)}/status", read_as(SurveySummary), {"status": status})


def results_link(key: str, days: int) -> Call[ResultsLink]:
    """POST /v1/surveys/{key}/results-link; nothing is stored."""
    return send("POST", f"{path_of(key)}/results-link", read_as(ResultsLink), {"days": days})


def list_responses(survey: str, *, after: str | None, limit: int) -> Call[ResponsePage]:
    """GET /v1/surveys/{key}/responses: one page."""
    return get(f"{path_of(survey)}/responses", _read_page, after=after, limit=limit)


def get_response(survey: str, id: Id) -> Call[Response]:
    """GET /v1/surveys/{key}/responses/{id}."""
    return get(_response_path(survey, id), read_as(Response))


def erase_response(survey: str, id: Id) -> Call[None]:
    """DELETE /v1/surveys/{key}/responses/{id}."""
    return delete(_response_path(survey, id))


def set_standing(survey: str, id: Id, standing: str, reason: str | None) -> Call[Response]:
    """PATCH /v1/surveys/{key}/responses/{id}."""
    body = {"standing": standing, **without_none({"reason": reason})}
    return send("PATCH", _response_path(survey, id), read_as(Response), body)


def submit_response(answers: Mapping[str, Any], *, id: Id, **fields: object) -> Call[Receipt]:
    """POST /v1/public/responses; the id, made by the client, makes a repeat get the receipt."""
    body: dict[str, object] = {"id": str(id), "answers": dict(answers), **without_none(fields)}
    if "respondent" in body:
        body["respondent"] = name_of("respondent", body["respondent"])
    if "context" in body:
        body["context"] = all_entries("context", body["context"])
    return send("POST", "/v1/public/responses", read_as(Receipt), body)


def get_scores(survey: str, **wanted: Unpack[ScoreOptions]) -> Call[Scores]:
    """GET /v1/surveys/{key}/scores."""
    return get(f"{path_of(survey)}/scores", read_as(Scores), **without_none(wanted))


def get_targets(survey: str) -> Call[tuple[SurveyTarget, ...]]:
    """GET /v1/surveys/{key}/targets."""
    return get(f"{path_of(survey)}/targets", read_list("targets", SurveyTarget))


def put_targets(survey: str, targets: Iterable[object]) -> Call[tuple[SurveyTarget, ...]]:
    """PUT /v1/surveys/{key}/targets; a repeat changes nothing."""
    body = {"targets": [msgspec.to_builtins(each) for each in targets]}
    return send("PUT", f"{path_of(survey)}/targets", read_list("targets", SurveyTarget), body)


def export(survey: str, kind: str, options: Mapping[str, Any]) -> Call[None]:
    """GET /v1/surveys/{key}/export.{kind}; the body is streamed, not read here."""
    return get(f"{path_of(survey)}/export.{kind}", read_nothing, **without_none(options))


def path_of(survey: str) -> str:
    """Where a survey stands."""
    return f"/v1/surveys/{segment(survey)}"


def _response_path(survey: str, id: Id) -> str:
    return f"{path_of(survey)}/responses/{segment(id)}"


def _read_page(reply: Reply) -> ResponsePage:
    """More follows when the answer links to it: RFC 8288 allows `rel=next` without quotes too."""
    page = read_as(ResponsePage)(reply)
    has_more = 'rel="next"' in reply.headers.get("link", "").replace("rel=next", 'rel="next"')
    return msgspec.structs.replace(page, has_more=has_more)


def get_heat_map(survey: str, **wanted: Unpack[HeatMapOptions]) -> Call[HeatMaps]:
    """GET /v1/surveys/{key}/heat-map."""
    return get(f"{path_of(survey)}/heat-map", read_as(HeatMaps), **without_none(wanted))


def get_leaderboard(survey: str, **wanted: Unpack[LeaderboardOptions]) -> Call[Leaderboard]:
    """GET /v1/surveys/{key}/leaderboard."""
    return get(f"{path_of(survey)}/leaderboard", read_as(Leaderboard), **without_none(wanted))


def get_trends(survey: str, **wanted: Unpack[TrendOptions]) -> Call[Trends]:
    """GET /v1/surveys/{key}/trends."""
    return get(f"{path_of(survey)}/trends", read_as(Trends), **without_none(wanted))


def get_rates(survey: str, **wanted: Unpack[NumberOptions]) -> Call[Rates]:
    """GET /v1/surveys/{key}/rates."""
    read = read_as(_RatesReply)
    return get(f"{path_of(survey)}/rates", lambda reply: read(reply).rates, **without_none(wanted))


class _RatesReply(msgspec.Struct, frozen=True):
    rates: Rates


def get_chart(survey: str, **wanted: Unpack[ChartOptions]) -> Call[bytes]:
    """GET /v1/surveys/{key}/chart.svg."""
    return get(f"{path_of(survey)}/chart.svg", read_bytes, **without_none(wanted))

"""Scores of a survey, answered from the counts."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

from harken_server.http.bodies import decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.insights.read.scores import read_scores
from harken_server.insights.rules.scores import Score
from harken_server.responses.filters import FilterQuery, count_filter
from harken_server.responses.store.standings import count_apart
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.access import workspace_of


class ScoresQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, and perhaps one question."""

    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None


class ScoresReply(msgspec.Struct, kw_only=True):
    """The score of each metric question."""

    survey: str
    filter: FilterQuery
    scores: list[Score]
    apart: dict[str, int]
    """Responses that the filter would take in, but that do not count: how many of each standing."""


@get(
    "/surveys/{key:str}/scores",
    opt=describe(
        Operation(
            "get_scores",
            "Scores with their counts and 95 % intervals",
            query=ScoresQuery,
            replies=(ScoresReply,),
            errors=(400, 404),
        )
    ),
)
async def scores(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """One score for each NPS, CSAT, CES and rating question; `score` is null without answers."""
    runtime = runtime_of(request)
    workspace = workspace_of(request)
    query = decode_query(request.query_params.multi_items(), ScoresQuery)
    record = await find_record(request, key)
    loaded = await runtime.of(Catalog).load(workspace, record)
    found = await read_scores(
        runtime.db, workspace.id, record.id, loaded.survey.questions, count_filter(query)
    )
    if query.question is not None:
        found = [score for score in found if score.question == query.question]
        if not found:
            raise BadRequestError(
                f"Survey {key} has no scored question {query.question!r}.", code="bad_parameter"
            )
    given = FilterQuery(
        from_=query.from_,
        to=query.to,
        touchpoint=query.touchpoint,
        channel=query.channel,
        version=query.version,
        standing=query.standing,
    )
    apart = await count_apart(runtime.db, workspace.id, record.id, count_filter(query))
    return json_reply(ScoresReply(survey=key, filter=given, scores=found, apart=apart))

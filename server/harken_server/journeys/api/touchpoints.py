"""Touchpoints: which survey each one asks, and how often."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, put
from litestar.params import FromPath

from harken_server.http.bodies import decode_json
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.journeys.rules.journeys import Owner, Purpose, Title, Weight
from harken_server.kernel.errors import InvalidInputError, NotFoundError, Problem
from harken_server.surveys.asking import TouchpointAsking
from harken_server.surveys.checks.asking import check_touchpoint_asking
from harken_server.surveys.store import surveys, touchpoints
from harken_server.surveys.survey import SURVEY_KEY_PATTERN, TouchpointKey
from harken_server.surveys.touchpoint import Touchpoint
from harken_server.workspaces.access import workspace_of


class TouchpointBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How a touchpoint asks, and what it means to the business.

    Its journey and stage are not said here: they come from the journey's own definition.
    """

    survey: Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)] | None = None
    sample_rate: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    cooldown_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 30
    link_ttl_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    title: Title = ""
    weight: Weight = 1.0
    owner: Owner = ""
    question: Purpose = ""
    asking: TouchpointAsking = TouchpointAsking()


class TouchpointList(msgspec.Struct, kw_only=True):
    """The workspace's touchpoints, by key."""

    touchpoints: list[Touchpoint]


_touchpoints = msgspec.json.Decoder(TouchpointBody)


@get(
    "/touchpoints",
    opt=describe(
        Operation(
            "list_touchpoints",
            "List touchpoints",
            replies=(TouchpointList,),
        )
    ),
)
async def list_all(request: Request[Any, Any, Any]) -> Response[bytes]:
    """All touchpoints, by key."""
    found = await touchpoints.list_touchpoints(runtime_of(request).db, workspace_of(request).id)
    return json_reply(TouchpointList(touchpoints=found))


@get(
    "/touchpoints/{key:str}",
    opt=describe(
        Operation(
            "get_touchpoint",
            "Read a touchpoint",
            replies=(Touchpoint,),
            errors=(404,),
        )
    ),
)
async def read(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """One touchpoint."""
    return await _reply(request, key)


@put(
    "/touchpoints/{key:str}",
    opt=describe(
        Operation(
            "put_touchpoint",
            "Set how a touchpoint asks",
            scope="write",
            bodies=(TouchpointBody,),
            replies=(Touchpoint,),
            errors=(400, 413, 422),
        )
    ),
)
async def write(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """Creates the touchpoint or replaces its settings."""
    runtime = runtime_of(request)
    workspace = workspace_of(request)
    try:
        msgspec.convert(key, TouchpointKey)
    except msgspec.ValidationError as error:
        raise BadRequestError(
            f"{key!r} is not a touchpoint key: lower case words joined by dots, at most 64 "
            "characters.",
            code="bad_parameter",
        ) from error
    body = decode_json(await request.body() or b"{}", _touchpoints)
    if body.survey is not None and (
        await surveys.get_survey(runtime.db, workspace.id, body.survey) is None
    ):
        message = f"There is no survey {body.survey!r} here."
        raise InvalidInputError(message, (Problem("$.survey", "survey_unknown", message),))
    problems = tuple(check_touchpoint_asking(body.asking, "$.asking"))
    if problems:
        raise InvalidInputError("The touchpoint is not acceptable.", problems)
    touchpoint = Touchpoint(
        key=key,
        survey=body.survey,
        sample_rate=body.sample_rate,
        cooldown_days=body.cooldown_days,
        link_ttl_days=body.link_ttl_days,
        title=body.title,
        weight=body.weight,
        owner=body.owner,
        question=body.question,
        asking=body.asking,
    )
    await touchpoints.put_touchpoint(
        runtime.db, workspace.id, touchpoint, runtime.clock(), runtime.new_id()
    )
    return await _reply(request, key)


async def _reply(request: Request[Any, Any, Any], key: str) -> Response[bytes]:
    found = await touchpoints.get_touchpoint(runtime_of(request).db, workspace_of(request).id, key)
    if found is None:
        raise NotFoundError(f"There is no touchpoint {key!r} here.", code="touchpoint_unknown")
    return json_reply(found)

"""Touchpoints, and respondents who must not be asked."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, put
from litestar.params import FromPath

from harken_server.core.errors import InvalidInputError, NotFoundError, Problem
from harken_server.core.records import Suppression, Touchpoint
from harken_server.core.survey import SURVEY_KEY_PATTERN, TouchpointKey
from harken_server.http.access import workspace_of
from harken_server.http.bodies import decode_json, decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import empty_reply, json_reply
from harken_server.http.runtime import runtime_of
from harken_server.storage import suppressions, surveys, touchpoints

MAX_RESPONDENT_CHARS = 200


class TouchpointBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How a touchpoint asks."""

    survey: Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)] | None = None
    sample_rate: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    cooldown_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 30
    link_ttl_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30


class TouchpointList(msgspec.Struct, kw_only=True):
    """The workspace's touchpoints, by key."""

    touchpoints: list[Touchpoint]


class SuppressionBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Why the respondent must not be asked."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=20)] = "manual"


class SuppressionQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at once."""

    after: Annotated[str, msgspec.Meta(max_length=MAX_RESPONDENT_CHARS)] = ""
    """The last respondent of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class SuppressionList(msgspec.Struct, kw_only=True):
    """A page of suppressed respondents, by name."""

    suppressions: list[Suppression]


_touchpoints = msgspec.json.Decoder(TouchpointBody)
_suppressions = msgspec.json.Decoder(SuppressionBody)


@get(
    "/touchpoints",
    opt=describe(
        Operation(
            "list_touchpoints",
            "List touchpoints",
            reply=TouchpointList,
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
            reply=Touchpoint,
            errors=(404,),
        )
    ),
)
async def read(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """One touchpoint."""
    found = await touchpoints.get_touchpoint(runtime_of(request).db, workspace_of(request).id, key)
    if found is None:
        raise NotFoundError(f"There is no touchpoint {key!r} here.", code="touchpoint_unknown")
    return json_reply(found)


@put(
    "/touchpoints/{key:str}",
    opt=describe(
        Operation(
            "put_touchpoint",
            "Set how a touchpoint asks",
            scope="write",
            body=TouchpointBody,
            reply=Touchpoint,
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
    touchpoint = Touchpoint(
        key=key,
        survey=body.survey,
        sample_rate=body.sample_rate,
        cooldown_days=body.cooldown_days,
        link_ttl_days=body.link_ttl_days,
    )
    await touchpoints.put_touchpoint(
        runtime.db, workspace.id, touchpoint, runtime.clock(), runtime.new_id()
    )
    return json_reply(touchpoint)


@get(
    "/suppressions",
    opt=describe(
        Operation(
            "list_suppressions",
            "List respondents who are not asked",
            query=SuppressionQuery,
            reply=SuppressionList,
        )
    ),
)
async def list_suppressed(request: Request[Any, Any, Any]) -> Response[bytes]:
    """A page by respondent; go on after the last one."""
    query = decode_query(request.query_params.multi_items(), SuppressionQuery)
    found = await suppressions.list_suppressions(
        runtime_of(request).db, workspace_of(request).id, after=query.after, limit=query.limit
    )
    return json_reply(SuppressionList(suppressions=found))


@put(
    "/suppressions/{respondent:str}",
    status_code=204,
    opt=describe(
        Operation(
            "suppress_respondent",
            "Never ask a respondent again",
            scope="write",
            body=SuppressionBody,
            status=204,
            errors=(400, 413, 422),
        )
    ),
)
async def suppress(request: Request[Any, Any, Any], respondent: FromPath[str]) -> Response[None]:
    """Repeating it changes nothing."""
    runtime = runtime_of(request)
    body = decode_json(await request.body() or b"{}", _suppressions)
    await suppressions.suppress(
        runtime.db,
        workspace_of(request).id,
        _checked(respondent),
        reason=body.reason,
        now=runtime.clock(),
        new_id=runtime.new_id(),
    )
    return empty_reply()


@delete(
    "/suppressions/{respondent:str}",
    status_code=204,
    opt=describe(
        Operation(
            "unsuppress_respondent",
            "Allow asking a respondent again",
            scope="write",
            status=204,
            errors=(400, 404),
        )
    ),
)
async def unsuppress(request: Request[Any, Any, Any], respondent: FromPath[str]) -> Response[None]:
    """404 when the respondent was not suppressed."""
    found = await suppressions.unsuppress(
        runtime_of(request).db, workspace_of(request).id, _checked(respondent)
    )
    if not found:
        raise NotFoundError(
            f"Respondent {respondent!r} is not suppressed.", code="suppression_unknown"
        )
    return empty_reply()


def _checked(respondent: str) -> str:
    if len(respondent) > MAX_RESPONDENT_CHARS or "\x00" in respondent:
        raise BadRequestError(
            f"A respondent has at most {MAX_RESPONDENT_CHARS} characters, none of them NUL.",
            code="bad_parameter",
        )
    return respondent


ROUTES = (list_all, read, write, list_suppressed, suppress, unsuppress)

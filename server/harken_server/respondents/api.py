"""Respondents who must not be asked."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, put
from litestar.params import FromPath

from harken_server.http.bodies import decode_json, decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import empty_reply, json_reply
from harken_server.http.runtime import runtime_of
from harken_server.kernel.errors import NotFoundError
from harken_server.respondents.store import suppressions
from harken_server.respondents.suppression import Suppression
from harken_server.workspaces.access import workspace_of

MAX_RESPONDENT_CHARS = 200


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


_suppressions = msgspec.json.Decoder(SuppressionBody)


@get(
    "/suppressions",
    opt=describe(
        Operation(
            "list_suppressions",
            "List respondents who are not asked",
            query=SuppressionQuery,
            replies=(SuppressionList,),
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
            bodies=(SuppressionBody,),
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
        checked_respondent(respondent),
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
        runtime_of(request).db, workspace_of(request).id, checked_respondent(respondent)
    )
    if not found:
        raise NotFoundError(
            f"Respondent {respondent!r} is not suppressed.", code="suppression_unknown"
        )
    return empty_reply()


def checked_respondent(respondent: str) -> str:
    """The respondent of an address; BadRequestError when it cannot be stored."""
    if len(respondent) > MAX_RESPONDENT_CHARS or "\x00" in respondent:
        raise BadRequestError(
            f"A respondent has at most {MAX_RESPONDENT_CHARS} characters, none of them NUL.",
            code="bad_parameter",
        )
    return respondent

"""Escalations: respondents whom a person should call."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from harken_server.asking.api.decisions import uuid_or_none
from harken_server.asking.store.escalations import (
    EscalationRecord,
    close_escalation,
    list_escalations,
)
from harken_server.http.bodies import decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.kernel.errors import NotFoundError
from harken_server.workspaces.access import workspace_of

_STATES = {"open": True, "closed": False, "all": None}


class EscalationQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which ones, where to go on, and how many at once."""

    state: Literal["open", "closed", "all"] = "open"
    before: Annotated[str, msgspec.Meta(max_length=36)] = ""
    """The id of the last one of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class EscalationList(msgspec.Struct, kw_only=True):
    """A page of escalations, newest first."""

    escalations: list[EscalationRecord]


@get(
    "/escalations",
    opt=describe(
        Operation(
            "list_escalations",
            "List respondents whom a person should call",
            query=EscalationQuery,
            replies=(EscalationList,),
        )
    ),
)
async def list_all(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Open ones unless asked otherwise; go on before the last one's id."""
    query = decode_query(request.query_params.multi_items(), EscalationQuery)
    before = uuid_or_none(query.before) if query.before else None
    if query.before and before is None:
        raise BadRequestError("`before` must be the id of an escalation.", code="bad_parameter")
    found = await list_escalations(
        runtime_of(request).db,
        workspace_of(request).id,
        is_open=_STATES[query.state],
        before=before,
        limit=query.limit,
    )
    return json_reply(EscalationList(escalations=found))


@post(
    "/escalations/{id:str}/close",
    status_code=200,
    opt=describe(
        Operation(
            "close_escalation",
            "Say that somebody has called",
            scope="write",
            replies=(EscalationRecord,),
            errors=(404,),
        )
    ),
)
async def close(
    request: Request[Any, Any, Any],
    id: FromPath[str],  # noqa: A002  # The path's own word.
) -> Response[bytes]:
    """Poor answers before this count no more. Closing again changes nothing."""
    runtime = runtime_of(request)
    escalation_id = uuid_or_none(id)
    found = None
    if escalation_id is not None:
        found = await close_escalation(
            runtime.db, workspace_of(request).id, escalation_id, runtime.clock()
        )
    if found is None:
        raise NotFoundError(f"There is no escalation {id!r} here.", code="escalation_unknown")
    return json_reply(found)

"""Escalations: respondents whom a person should call."""

from typing import Annotated, Literal

import msgspec

from harken_server.asking.api.decisions import uuid_or_none
from harken_server.asking.store.escalations import (
    EscalationRecord,
    close_escalation,
    list_escalations,
)
from harken_server.http.problems import BadRequestError
from harken_server.kernel.errors import NotFoundError
from harken_server.workspaces.keyed import Call, get, post

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


@get("/escalations", "list_escalations", "List respondents whom a person should call")
async def list_all(call: Call, query: EscalationQuery) -> EscalationList:
    """Open ones unless asked otherwise; go on before the last one's id."""
    before = uuid_or_none(query.before) if query.before else None
    if query.before and before is None:
        raise BadRequestError("`before` must be the id of an escalation.", code="bad_parameter")
    found = await list_escalations(
        call.db,
        call.workspace_id,
        is_open=_STATES[query.state],
        before=before,
        limit=query.limit,
    )
    return EscalationList(escalations=found)


@post(
    "/escalations/{id:str}/close",
    "close_escalation",
    "Say that somebody has called",
    scope="write",
    errors=(404,),
)
async def close(
    call: Call,
    id: str,  # noqa: A002  # The path's own word.
) -> EscalationRecord:
    """Poor answers before this count no more. Closing again changes nothing."""
    escalation_id = uuid_or_none(id)
    found = None
    if escalation_id is not None:
        found = await close_escalation(call.db, call.workspace_id, escalation_id, call.now())
    if found is None:
        raise NotFoundError(f"There is no escalation {id!r} here.", code="escalation_unknown")
    return found

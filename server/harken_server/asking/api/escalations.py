"""Escalations: respondents whom a person should call."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.http.replies import item_of
from harken_server.http.resources import Resource
from harken_server.respondents.store.respondents import list_respondents
from harken_server.responses.store.escalations import (
    EscalationRecord,
    close_escalation,
    list_escalations,
)
from harken_server.workspaces.keyed import Call, get, post

ESCALATION = Resource("escalation", "escalation_unknown")
EscalationId: TypeAlias = Annotated[UUID, ESCALATION]
_STATES = {"open": True, "closed": False, "all": None}


class EscalationQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which ones, where to go on, and how many at once."""

    state: Literal["open", "closed", "all"] = "open"
    before: Annotated[str, msgspec.Meta(max_length=36)] = ""
    """The id of the last one of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class EscalationItem(EscalationRecord, kw_only=True, frozen=True):
    """A person to call: what was answered, and how to reach them now."""

    email: str | None = None
    phone: str | None = None


class EscalationList(msgspec.Struct, kw_only=True):
    """A page of escalations, newest first."""

    escalations: list[EscalationItem]


@get("/escalations", "list_escalations", "List respondents whom a person should call")
async def list_all(call: Call, query: EscalationQuery) -> EscalationList:
    """Open ones unless asked otherwise; go on before the last one's id."""
    found = await list_escalations(
        call.db,
        call.workspace_id,
        is_open=_STATES[query.state],
        before=_before(query.before) if query.before else None,
        limit=query.limit,
    )
    return EscalationList(escalations=await _with_contacts(call, found))


@post(
    "/escalations/{id:str}/close",
    "close_escalation",
    "Say that somebody has called",
    scope="write and read",
    errors=(404,),
)
async def close(
    call: Call,
    id: EscalationId,  # noqa: A002  # The path's own word.
) -> EscalationItem:
    """Poor answers before this count no more. Closing again changes nothing."""
    found = await close_escalation(call.db, call.workspace_id, id, call.now())
    (item,) = await _with_contacts(call, [ESCALATION.found(found, id)])
    return item


async def _with_contacts(call: Call, found: list[EscalationRecord]) -> list[EscalationItem]:
    names = sorted({each.respondent for each in found})
    people = await list_respondents(call.db, call.workspace_id, names)
    known = {each.respondent: (each.email, each.phone) for each in people}
    return [
        item_of(EscalationItem, each, email=email, phone=phone)
        for each in found
        for email, phone in [known.get(each.respondent, (None, None))]
    ]


def _before(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadRequestError(
            "`before` must be the id of an escalation.", code="bad_parameter"
        ) from None

"""Decisions: what a trigger was answered with, told again at any time."""

from typing import Annotated, TypeAlias
from uuid import UUID

from harken_server.asking.api.triggers import DecisionReply, decision_reply
from harken_server.asking.explaining import find_decision
from harken_server.http.resources import Resource
from harken_server.workspaces.keyed import Call, get

DECISION = Resource("decision", "decision_unknown")
DecisionId: TypeAlias = Annotated[UUID, DECISION]


@get("/decisions/{id:str}", "get_decision", "Read a decision again", errors=(404,))
async def read(
    call: Call,
    id: DecisionId,  # noqa: A002  # The path's own word.
) -> DecisionReply:
    """The decision as it was told when it was made, with the same figures."""
    found = await find_decision(call.db, call.workspace_id, id)
    return decision_reply(call.runtime, DECISION.found(found, id))

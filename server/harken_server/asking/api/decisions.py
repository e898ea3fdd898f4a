"""Decisions: what a trigger was answered with, told again at any time."""

from uuid import UUID

from harken_server.asking.api.triggers import DecisionReply, decision_reply
from harken_server.asking.explaining import find_decision
from harken_server.kernel.errors import NotFoundError
from harken_server.workspaces.keyed import Call, get


@get("/decisions/{id:str}", "get_decision", "Read a decision again", errors=(404,))
async def read(
    call: Call,
    id: str,  # noqa: A002  # The path's own word.
) -> DecisionReply:
    """The decision as it was told when it was made, with the same figures."""
    decision_id = uuid_or_none(id)
    found = None
    if decision_id is not None:
        found = await find_decision(call.db, call.workspace_id, decision_id)
    if found is None:
        raise NotFoundError(f"There is no decision {id!r} here.", code="decision_unknown")
    return decision_reply(call.runtime, found)


def uuid_or_none(text: str) -> UUID | None:
    """The id in a path; None for what cannot be one, so that it is as unknown as any other."""
    try:
        return UUID(text)
    except ValueError:
        return None

"""Decisions: what a trigger was answered with, told again at any time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from harken_server.asking.api.triggers import DecisionReply, decision_reply
from harken_server.asking.explaining import find_decision
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.kernel.errors import NotFoundError
from harken_server.workspaces.access import workspace_of


@get(
    "/decisions/{id:str}",
    opt=describe(
        Operation("get_decision", "Read a decision again", reply=DecisionReply, errors=(404,))
    ),
)
async def read(
    request: Request[Any, Any, Any],
    id: FromPath[str],  # noqa: A002  # The path's own word.
) -> Response[bytes]:
    """The decision as it was told when it was made, with the same figures."""
    runtime = runtime_of(request)
    decision_id = uuid_or_none(id)
    found = None
    if decision_id is not None:
        found = await find_decision(runtime.db, workspace_of(request).id, decision_id)
    if found is None:
        raise NotFoundError(f"There is no decision {id!r} here.", code="decision_unknown")
    return json_reply(decision_reply(runtime, found))


def uuid_or_none(text: str) -> UUID | None:
    """The id in a path; None for what cannot be one, so that it is as unknown as any other."""
    try:
        return UUID(text)
    except ValueError:
        return None


ROUTES = (read,)

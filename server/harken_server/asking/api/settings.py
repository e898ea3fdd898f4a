"""What holds for all surveys of a workspace: its cooldowns, and when a person should call."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get, put

from harken_server.asking.store.settings import get_workspace_asking, put_workspace_asking
from harken_server.http.bodies import decode_json
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.surveys.asking import WorkspaceAsking
from harken_server.workspaces.access import workspace_of


class AskingReply(msgspec.Struct, kw_only=True):
    """What holds for all surveys, with everything written out."""

    cooldown: dict[str, float]
    escalation: dict[str, float] | None


_bodies = msgspec.json.Decoder(WorkspaceAsking)


@get(
    "/asking",
    opt=describe(
        Operation("get_asking", "Read what holds for asking by any survey", replies=(AskingReply,))
    ),
)
async def read(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The workspace's settings, defaults included."""
    asking = await get_workspace_asking(runtime_of(request).db, workspace_of(request).id)
    return json_reply(_reply(asking))


@put(
    "/asking",
    opt=describe(
        Operation(
            "put_asking",
            "Set what holds for asking by any survey",
            scope="write",
            bodies=(WorkspaceAsking,),
            replies=(AskingReply,),
            errors=(400, 413, 422),
        )
    ),
)
async def write(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Replaces everything; what is left out has its default."""
    asking = decode_json(await request.body() or b"{}", _bodies)
    await put_workspace_asking(runtime_of(request).db, workspace_of(request).id, asking)
    return json_reply(_reply(asking))


def _reply(asking: WorkspaceAsking) -> AskingReply:
    escalation = asking.escalation
    return AskingReply(
        cooldown=msgspec.structs.asdict(asking.cooldown),
        escalation=msgspec.structs.asdict(escalation) if escalation else None,
    )

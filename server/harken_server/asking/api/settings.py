"""What holds for all surveys of a workspace: its cooldowns, and when a person should call."""

import msgspec

from harken_server.surveys.asking import WorkspaceAsking
from harken_server.surveys.store.touchpoints import get_workspace_asking, put_workspace_asking
from harken_server.workspaces.keyed import Call, get, put


class AskingReply(msgspec.Struct, kw_only=True):
    """What holds for all surveys, with everything written out."""

    cooldown: dict[str, float]
    escalation: dict[str, float] | None


@get("/asking", "get_asking", "Read what holds for asking by any survey", scope="definitions")
async def read(call: Call) -> AskingReply:
    """The workspace's settings, defaults included."""
    asking = await get_workspace_asking(call.db, call.workspace_id)
    return _reply(asking)


@put(
    "/asking",
    "put_asking",
    "Set what holds for asking by any survey",
    scope="write",
    may_be_empty=True,
)
async def write(call: Call, body: WorkspaceAsking) -> AskingReply:
    """Replaces everything; what is left out has its default."""
    await put_workspace_asking(call.db, call.workspace_id, body)
    return _reply(body)


def _reply(asking: WorkspaceAsking) -> AskingReply:
    escalation = asking.escalation
    return AskingReply(
        cooldown=msgspec.structs.asdict(asking.cooldown),
        escalation=msgspec.structs.asdict(escalation) if escalation else None,
    )

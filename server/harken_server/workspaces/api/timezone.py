"""The time zone of a workspace: in whose days its responses are counted."""

from __future__ import annotations

from typing import Annotated

import msgspec

from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.kernel.local.zones import MAX_ZONE, read_zone
from harken_server.workspaces.access import Acting, WorkspaceCatalog
from harken_server.workspaces.keyed import Call, get, put
from harken_server.workspaces.store import workspaces


class TimezoneBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By what days are counted."""

    timezone: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ZONE)]
    """A name of the IANA database, such as `Europe/Oslo`."""


class TimezoneReply(msgspec.Struct, kw_only=True):
    """By what days are counted."""

    timezone: str
    """`UTC` until another one is declared."""


@get("/timezone", "get_timezone", "Read by which time zone days are counted", scope="definitions")
async def read_timezone(call: Call) -> TimezoneReply:
    """The workspace's zone."""
    return TimezoneReply(timezone=call.workspace.timezone)


@put("/timezone", "put_timezone", "Declare by which time zone days are counted", scope="manage")
async def declare_timezone(call: Call, body: TimezoneBody) -> TimezoneReply:
    """Days are counted by it from now on; responses stored before stay on the day they had."""
    return await keep_timezone(call, body)


async def keep_timezone(acting: Acting, body: TimezoneBody) -> TimezoneReply:
    """Declare the zone for whoever may. InvalidInputError for a name that nobody knows."""
    if read_zone(body.timezone) is None:
        message = (
            f"There is no time zone {body.timezone[:MAX_ZONE]!r}; write an IANA name such as "
            "Europe/Oslo."
        )
        raise InvalidInputError(message, (Problem("$.timezone", "timezone_unknown", message),))
    await workspaces.set_timezone(acting.db, acting.workspace_id, body.timezone)
    acting.runtime.of(WorkspaceCatalog).forget()
    acting.note(timezone=body.timezone, was=acting.workspace.timezone)
    return TimezoneReply(timezone=body.timezone)

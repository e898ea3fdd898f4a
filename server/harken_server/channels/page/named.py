"""`/s/{survey}?rid=…`: the survey's page with a name that a mail service put into the link."""

from __future__ import annotations

import msgspec

from harken_server.channels.page.entrance import Door, Visit, open_door
from harken_server.channels.page.forms import first_value
from harken_server.channels.page.named_links import for_anyone, open_named, usable_name
from harken_server.http.runtime import Runtime
from harken_server.responses.asked import already_answered, collection_of

NAME = "rid"


async def open_survey(runtime: Runtime, visit: Visit) -> Door:
    """The survey's door; with a usable name, one that lets a single unverified response in.

    Raises NotFoundError, StorageError, and GoneError for a name that has its response.
    """
    door = await open_door(collection_of(runtime), visit)
    name = usable_name(first_value(visit.query, NAME))
    if name is None:
        return door
    invitation = await open_named(
        collection_of(runtime), door.loaded, name, is_sent=visit.is_sent, random=runtime.random
    )
    answered_by = invitation.response_id
    is_own = first_value(visit.query, "r") == str(answered_by)
    if answered_by is not None and not visit.is_sent and not is_own:
        raise already_answered()
    return msgspec.structs.replace(
        door,
        invitation=for_anyone(invitation),
        standing="unverified",
        query={NAME: name},
    )

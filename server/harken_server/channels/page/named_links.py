"""Public links that carry a name which somebody else's mail service wrote: `/s/{survey}?rid=…`.

Anyone can write such a link, so the name proves nothing: answers are unverified, kept without a
respondent, and their context tells the name. Each name is good for one response, the first; later
visits are told so, and are never shown what was answered.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid5

import msgspec

from harken_server.channels.page.destination import Destination, Visit, find_destination
from harken_server.channels.page.forms import first_value
from harken_server.http.runtime import Runtime
from harken_server.invitations import codes
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import get_invitation, keep_invitation
from harken_server.responses.asked import Collection, collection_of
from harken_server.surveys.catalog import LoadedSurvey

NAME = "rid"
"""The field of the link's query."""
MAX_NAME_CHARS = 200
CHANNEL = "email"
_LEFT_OVER = frozenset("{}|*%")
"""Signs of a merge tag that nothing was put in for."""
_SAMPLES = frozenset({"RESPONDENT_ID"})


async def open_named(runtime: Runtime, visit: Visit) -> Destination:
    """The survey's destination; with a usable name, one that lets a single unverified response in.

    Raises NotFoundError and StorageError.
    """
    room = collection_of(runtime)
    destination = await find_destination(room, visit)
    name = usable_name(first_value(visit.query, NAME))
    if name is None:
        return destination
    invitation = await _open(
        room, destination.loaded, name, is_sent=visit.is_sent, random=runtime.random
    )
    return msgspec.structs.replace(
        destination,
        invitation=invitation,
        is_for_anyone=True,
        standing="unverified",
    )


def usable_name(text: str) -> str | None:
    """The name of a link; None for one that is empty, too long, or a merge tag left as it was.

    Recipients whose links all hold the same unfilled tag must not shut each other out.

    >>> usable_name("c-1017"), usable_name("{{ contact.id }}"), usable_name(" ")
    ('c-1017', None, None)
    """
    name = text.strip()
    is_usable = 0 < len(name) <= MAX_NAME_CHARS and "\x00" not in name
    return name if is_usable and name not in _SAMPLES and not _LEFT_OVER & set(name) else None


async def _open(
    room: Collection,
    loaded: LoadedSurvey,
    name: str,
    *,
    is_sent: bool,
    random: Callable[[int], bytes],
) -> Invitation:
    """The invitation that stands for a name; stored only with a page that is sent."""
    workspace_id, survey_id = loaded.workspace.id, loaded.record.id
    own_id = name_id(survey_id, name)
    kept = await get_invitation(room.db, workspace_id, own_id)
    if kept is not None:
        return kept
    touchpoints = loaded.survey.touchpoints
    made = Invitation(
        id=own_id,
        workspace_id=workspace_id,
        survey_id=survey_id,
        code=codes.make_code(random(codes.RANDOM_BYTES)),
        touchpoint=touchpoints[0] if touchpoints else CHANNEL,
        channel=CHANNEL,
        context={NAME: name},
        created_at=room.clock(),
    )
    return await keep_invitation(room.db, made, random) if is_sent else made


def name_id(survey_id: UUID, name: str) -> UUID:
    """The id that a survey's links with this name share."""
    return uuid5(survey_id, f"rid\n{name}")

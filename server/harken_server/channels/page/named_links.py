"""Public links that carry a name which somebody else's mail service wrote: `/s/{survey}?rid=…`.

Anyone can write such a link, so the name proves nothing: answers are unverified, kept without a
respondent, and their context tells the name. Each name is good for one response, the first; later
visits are told so, and are never shown what was answered.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID, uuid5

import msgspec

from harken_server.invitations import codes
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitation, get_invitation
from harken_server.kernel.errors import ConflictError
from harken_server.responses.asked import Collection
from harken_server.surveys.catalog import LoadedSurvey

MAX_NAME_CHARS = 200
CHANNEL = "email"
CONTEXT_NAME = "rid"
_LEFT_OVER = frozenset("{}|*%")
"""Signs of a merge tag that nothing was put in for."""
_SAMPLES = frozenset({"RESPONDENT_ID"})


def usable_name(text: str) -> str | None:
    """The name of a link; None for one that is empty, too long, or a merge tag left as it was.

    Recipients whose links all hold the same unfilled tag must not shut each other out.

    >>> usable_name("c-1017"), usable_name("{{ contact.id }}"), usable_name(" ")
    ('c-1017', None, None)
    """
    name = text.strip()
    is_usable = 0 < len(name) <= MAX_NAME_CHARS and "\x00" not in name
    return name if is_usable and name not in _SAMPLES and not _LEFT_OVER & set(name) else None


async def open_named(
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
    while kept is None:
        touchpoints = loaded.survey.touchpoints
        made = Invitation(
            id=own_id,
            workspace_id=workspace_id,
            survey_id=survey_id,
            code=codes.make_code(random(codes.RANDOM_BYTES)),
            touchpoint=touchpoints[0] if touchpoints else CHANNEL,
            channel=CHANNEL,
            context={CONTEXT_NAME: name},
            created_at=room.clock(),
        )
        if not is_sent:
            return made
        with suppress(ConflictError):
            await add_invitation(room.db, made)
        kept = await get_invitation(room.db, workspace_id, own_id)
    return kept


def name_id(survey_id: UUID, name: str) -> UUID:
    """The id that a survey's links with this name share."""
    return uuid5(survey_id, f"rid\n{name}")


def for_anyone(invitation: Invitation) -> Invitation:
    """The same, as a page sees it that must not go on with what somebody else began."""
    return msgspec.structs.replace(invitation, is_single_use=False)

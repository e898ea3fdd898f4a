"""Surveys that wait for a respondent in the widget: what is open, and what was seen of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from harken_server.database.database import Database
from harken_server.invitations.codes import parse_code
from harken_server.invitations.invitation import OpenInvitation
from harken_server.invitations.redeeming_sql import find_invitation
from harken_server.invitations.store import (
    mark_shown,
)
from harken_server.kernel.errors import NotFoundError
from harken_server.responses.store.waiting_sql import list_open_invitations

WIDGET = "widget"
"""The channel of invitations that the widget shows."""
MAX_QUEUED = 5

Seen: TypeAlias = Literal["shown", "dismissed"]


async def waiting_invitations(
    db: Database, workspace_id: UUID, respondent: str, now: datetime
) -> list[OpenInvitation]:
    """What the site's server has asked for and this person has not answered, oldest first.

    Never what is expired, dismissed, answered completely, of a survey that is not live, or for
    somebody who must not be asked; at most `MAX_QUEUED`.
    """
    return await list_open_invitations(db, workspace_id, respondent, WIDGET, now, MAX_QUEUED)


async def note_seen(
    db: Database,
    workspace_id: UUID,
    token: str,
    seen: Seen,
    *,
    now: datetime,
    claimed_at: datetime | None = None,
) -> None:
    """Keep when an invitation was first shown or dismissed; repeating it changes nothing.

    The browser's own time counts when it can be true: not before the invitation, not after `now`.
    Raises NotFoundError `invitation_unknown` for every token that is not one of the widget here.
    """
    code = parse_code(token)
    invitation = await find_invitation(db, code) if code is not None else None
    if (
        invitation is None
        or invitation.workspace_id != workspace_id
        or invitation.channel != WIDGET
    ):
        raise NotFoundError("There is no such invitation.", code="invitation_unknown")
    at = now
    if claimed_at is not None and invitation.created_at <= claimed_at < now:
        at = claimed_at
    await mark_shown(db, invitation, at, is_dismissed=seen == "dismissed")

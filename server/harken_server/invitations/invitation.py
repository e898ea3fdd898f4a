"""An invitation, as it is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.kernel.ids import NOBODYS, keyed_id


class Invitation(msgspec.Struct, kw_only=True, frozen=True):
    """One respondent's personal link, for one survey."""

    id: UUID
    workspace_id: UUID
    survey_id: UUID
    code: str
    """Canonical short code (`invitations.codes`), without hyphens."""
    touchpoint: str
    channel: str
    created_at: datetime
    respondent: str | None = None
    locale: str | None = None
    context: dict[str, str | int | float | bool | None] = {}
    is_single_use: bool = True
    expires_at: datetime | None = None
    response_id: UUID | None = None
    """The response that claimed this invitation; NOBODYS: one that is anonymous."""
    shown_at: datetime | None = None
    """When the widget first showed it."""
    dismissed_at: datetime | None = None
    """When it was first closed without an answer; it is not offered again."""
    wave: str = ""
    """The programme and its wave that asked; empty for a single trigger."""
    quotas: tuple[str, ...] = ()
    """Names of the survey's quotas that its answer fills."""
    probability: float | None = None
    """With which this person was asked (`Decision.probability`); its inverse weights the answer."""

    @property
    def answer_id(self) -> UUID:
        """The response that a link for one answer stands for, begun or not.

        It follows from the code, which only whoever has the link knows. The invitation's own id
        stands in deliveries and in links for unsubscribing, and gives nothing.
        """
        if self.response_id is not None and self.response_id != NOBODYS:
            return self.response_id
        return keyed_id(self.code.encode(), b"harken answer\n", self.id.bytes)


class OpenInvitation(msgspec.Struct, frozen=True):
    """An invitation that waits to be shown, or to be gone on with."""

    invitation: Invitation
    has_partial: bool
    """Whether its response was begun and not completed: `invitation.response_id` names it."""

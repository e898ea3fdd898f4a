"""What a person lets us ask, as chosen through the link of a message."""

from __future__ import annotations

from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.deliveries.store.deliveries import list_deliveries
from harken_server.http.runtime import Runtime
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.links import read_unsubscribe
from harken_server.invitations.store import get_invitation
from harken_server.respondents.store import suppressions

UNSUBSCRIBED = "unsubscribed"
MAY_TAKE_BACK = (UNSUBSCRIBED, "complained", "bounced")
"""Reasons that a person can lift through the link; what the owner said stands."""

Preference: TypeAlias = Literal["all", "not_this", "nothing"]
"""Asked as before, anything but this survey, or nothing at all."""


class Recipient(msgspec.Struct, kw_only=True, frozen=True):
    """Whom the link of a message is for."""

    invitation: Invitation
    respondent: str | None
    """None when the host gave no name, and no message is kept either."""
    address: str | None
    """Where the last message went."""

    @property
    def workspace_id(self) -> UUID:
        """The workspace that asked."""
        return self.invitation.workspace_id


async def find_recipient(runtime: Runtime, token: str) -> Recipient | None:
    """Whom an unsubscribe token stands for; None when it is forged, too old or for nobody."""
    claims, db = read_unsubscribe(runtime.signing_keys, token, runtime.clock()), runtime.db
    if claims is None:
        return None
    invitation = await get_invitation(db, *claims)
    if invitation is None:
        return None
    sent = await list_deliveries(db, claims[0], invitation_id=invitation.id, limit=1)
    return Recipient(
        invitation=invitation,
        respondent=invitation.respondent or (sent[0].respondent if sent else None),
        address=sent[0].address if sent else None,
    )


async def read_preference(db: Database, recipient: Recipient) -> Preference:
    """What holds now."""
    home, survey_id = recipient.workspace_id, recipient.invitation.survey_id
    name, address = recipient.respondent or "", recipient.address
    if await suppressions.is_suppressed(db, home, name, address=address):
        return "nothing"
    is_off = await suppressions.is_survey_suppressed(db, home, name, survey_id)
    return "not_this" if is_off else "all"


async def set_preference(runtime: Runtime, recipient: Recipient, preference: Preference) -> None:
    """Let a choice hold from now on; doing so again changes nothing."""
    home, survey_id = recipient.workspace_id, recipient.invitation.survey_id
    name, address, now = recipient.respondent, recipient.address, runtime.clock()
    async with runtime.db.transaction() as tx:
        if preference == "nothing":
            if name is not None:
                await suppressions.suppress(
                    tx, home, name, reason=UNSUBSCRIBED, now=now, new_id=runtime.new_id()
                )
            if address is not None:
                await suppressions.suppress_address(tx, home, address, reason=UNSUBSCRIBED, now=now)
            return
        for reason in MAY_TAKE_BACK:
            if name is not None:
                await suppressions.unsuppress(tx, home, name, reason=reason)
            if address is not None:
                await suppressions.unsuppress_address(tx, home, address, reason=reason)
        if name is not None and preference == "not_this":
            await suppressions.suppress_survey(tx, home, name, survey_id, now)
        elif name is not None:
            await suppressions.unsuppress_survey(tx, home, name, survey_id)

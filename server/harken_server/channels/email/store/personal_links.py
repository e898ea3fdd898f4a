"""Invitations made beforehand for a list of respondents: one a survey, respondent and wave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.records import Records, is_among
from harken_server.invitations.tables import Invitation as T

MAIL = "email"
"""The channel of these invitations."""


class PersonalLink(msgspec.Struct, kw_only=True, frozen=True):
    """What one recipient gets: a code, or the reason why they must not be asked."""

    respondent: str
    code: str = ""
    expires_at: datetime | None = None
    reason: str = ""


_LINKS = Records(T, PersonalLink)


async def take_turn(tx: Transaction, workspace_id: UUID, survey_id: UUID) -> None:
    """Make those who make links for one survey take turns until `tx` ends."""
    await named_lock(tx, workspace_id, f"personal links {survey_id}")


async def find_links(
    db: Database | Transaction,
    workspace_id: UUID,
    survey_id: UUID,
    wave: str,
    respondents: Sequence[str],
) -> dict[str, PersonalLink]:
    """The links that these respondents have for this wave; the first one when there are several."""
    if not respondents:
        return {}
    latest_first = await _LINKS.of(workspace_id).all(
        db,
        T.survey_id == survey_id,
        T.wave == wave,
        T.channel == MAIL,
        is_among(T.respondent, respondents),
        order_by=(T.created_at, T.id),
        is_descending=True,
    )
    return {link.respondent: link for link in latest_first}

"""Invitations made beforehand for a list of respondents: one a survey, respondent and wave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.rows import StoredTime
from harken_server.database.values import to_time

MAIL = "email"
"""The channel of these invitations."""
_Row: TypeAlias = tuple[str, str, StoredTime | None]


class PersonalLink(msgspec.Struct, kw_only=True, frozen=True):
    """What one recipient gets: a code, or the reason why they must not be asked."""

    respondent: str
    code: str = ""
    expires_at: datetime | None = None
    reason: str = ""


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
    places = ", ".join(f"${place}" for place in range(5, 5 + len(respondents)))
    rows: list[_Row] = await db.fetch(
        "SELECT respondent, code, expires_at FROM invitation"  # noqa: S608  # only $ signs
        " WHERE workspace_id = $1 AND survey_id = $2 AND wave = $3 AND channel = $4"
        f" AND respondent IN ({places}) ORDER BY created_at DESC, id DESC",
        workspace_id,
        survey_id,
        wave,
        MAIL,
        *respondents,
    )
    return {
        name: PersonalLink(respondent=name, code=code, expires_at=to_time(expires_at))
        for name, code, expires_at in rows
    }

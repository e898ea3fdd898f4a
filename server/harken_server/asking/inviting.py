"""Invitations: the personal link that a respondent gets when asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from harken_server.asking.requests import TriggerRequest
from harken_server.invitations import codes
from harken_server.invitations.invitation import Invitation
from harken_server.kernel import ids

Random: TypeAlias = Callable[[int], bytes]
"""Gives as many unpredictable bytes as asked for, such as `secrets.token_bytes`."""


def new_invitation(
    request: TriggerRequest,
    *,
    workspace_id: UUID,
    survey_id: UUID,
    link_ttl_days: int,
    now: datetime,
    random: Random,
    quotas: tuple[str, ...] = (),
    wave: str = "",
) -> Invitation:
    """Make the personal link of one respondent for one survey: a single use, for some days.

    The days count from when it goes out.
    """
    goes_out_at = max(now, request.send_at or now)
    return Invitation(
        id=ids.uuid7(now, random(ids.RANDOM_BYTES)),
        workspace_id=workspace_id,
        survey_id=survey_id,
        code=codes.make_code(random(codes.RANDOM_BYTES)),
        touchpoint=request.touchpoint,
        channel=request.channel,
        respondent=request.respondent,
        locale=request.locale,
        context=dict(request.context),
        created_at=now,
        expires_at=goes_out_at + timedelta(days=link_ttl_days),
        quotas=quotas,
        wave=wave,
    )

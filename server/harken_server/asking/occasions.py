"""One trigger on its way to a decision: what was said, and what was looked up beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.asking.decision import Decision
from harken_server.asking.facts import Told
from harken_server.asking.inviting import Random, new_invitation
from harken_server.asking.requests import TriggerRequest
from harken_server.asking.rules.adaptive import Pace
from harken_server.asking.store.settings import Settings
from harken_server.invitations import codes
from harken_server.invitations.invitation import Invitation
from harken_server.kernel.ids import RANDOM_BYTES, uuid7

DRAWN_BYTES = 2 * RANDOM_BYTES + codes.RANDOM_BYTES
"""Chance for the ids of a decision and an invitation, and for the invitation's code."""


class Occasion(msgspec.Struct, kw_only=True, frozen=True):
    """A touchpoint happened, and nothing is known of it but what was said."""

    request: TriggerRequest
    workspace_id: UUID
    now: datetime
    idempotency_key: str | None
    digest: str
    """What the request says, for telling a repeat from a reused key."""
    wave: str = ""

    @property
    def turns(self) -> tuple[str, ...]:
        """Whose turn it must be: triggers that share one are decided one after the other."""
        return tuple(self._turns())

    def _turns(self) -> Iterator[str]:
        if self.request.respondent is not None:
            yield f"respondent {self.request.respondent}"
        if self.idempotency_key is not None:
            yield f"key {self.idempotency_key}"


class Prepared(msgspec.Struct, kw_only=True, frozen=True):
    """An occasion with what its decision needs that no other trigger can change."""

    occasion: Occasion
    settings: Settings
    pace: Pace | None
    random: Random
    draft: Decision
    """The decision as far as it is known."""
    invitation: Invitation | None
    """Made beforehand for a live survey, so that nothing is drawn while others wait."""
    told: Told

    def new_id(self) -> UUID:
        """A new UUIDv7 of this moment."""
        return uuid7(self.draft.created_at, self.random(RANDOM_BYTES))


def prepare(
    occasion: Occasion, settings: Settings, pace: Pace | None, *, random: Random, drawn: bytes
) -> Prepared:
    """Make ready for deciding; `drawn` is `DRAWN_BYTES` of fresh chance, `random` gives more."""
    request, now = occasion.request, occasion.now
    take = _taker(drawn)
    draft = Decision(
        id=uuid7(now, take(RANDOM_BYTES)),
        workspace_id=occasion.workspace_id,
        touchpoint=request.touchpoint,
        channel=request.channel,
        is_asked=False,
        reason="",
        created_at=now,
        respondent=request.respondent,
        survey_id=settings.survey_id,
        idempotency_key=occasion.idempotency_key,
        request_digest=occasion.digest,
    )
    return Prepared(
        occasion=occasion,
        settings=settings,
        pace=pace,
        random=random,
        draft=draft,
        invitation=_draw_invitation(occasion, settings, take),
        told=_told(request, draft),
    )


def _taker(drawn: bytes) -> Callable[[int], bytes]:
    """Gives the drawn bytes away piece by piece, each once."""
    at = 0

    def take(count: int) -> bytes:
        nonlocal at
        at += count
        return drawn[at - count : at]

    return take


def _draw_invitation(occasion: Occasion, settings: Settings, random: Random) -> Invitation | None:
    if settings.survey_id is None or settings.survey_status != "live":
        return None
    return new_invitation(
        occasion.request,
        workspace_id=occasion.workspace_id,
        survey_id=settings.survey_id,
        link_ttl_days=settings.link_ttl_days,
        now=occasion.now,
        random=random,
        wave=occasion.wave,
    )


def _told(request: TriggerRequest, draft: Decision) -> Told:
    return Told(
        workspace_id=draft.workspace_id,
        touchpoint=draft.touchpoint,
        now=draft.created_at,
        subject=draft.respondent or draft.idempotency_key or draft.id.hex,
        respondent=draft.respondent,
        email=request.email,
        consent=request.consent,
        send_at=request.send_at,
        traits=request.traits,
        context=request.context,
    )

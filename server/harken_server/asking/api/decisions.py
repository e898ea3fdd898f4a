"""Decisions: what a trigger was answered with, told again at any time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

from harken_server.asking.delivering import EMAIL
from harken_server.asking.explaining import find_decision
from harken_server.asking.results import TriggerResult
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.links import invitation_qr_url, invitation_url
from harken_server.kernel.errors import NotFoundError
from harken_server.workspaces.access import workspace_of


class InvitationItem(msgspec.Struct, kw_only=True):
    """A personal link and its QR."""

    id: UUID
    code: str
    """13 characters, Crockford base32; may be typed in any case and with hyphens."""
    url: str
    expires_at: datetime | None
    qr_svg_url: str
    qr_png_url: str


class DecisionReply(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Whether the respondent is asked, and why."""

    id: UUID
    asked: bool
    reason: str
    """asked, or the first of the other codes of `DecisionReason` that holds."""
    explanation: str
    """One sentence with the figures that were decided on."""
    detail: str = ""
    """What exactly: `survey.dismissed` for a clock, the name of a quota, the rule that failed."""
    touchpoint: str
    channel: str
    decided_at: datetime
    respondent: str | None = None
    survey: str | None = None
    invitation: InvitationItem | None = None
    delivery: UUID | msgspec.UnsetType | None = msgspec.UNSET
    """On the channel `email`: the mail that was queued, or null when no address is known."""


@get(
    "/decisions/{id:str}",
    opt=describe(
        Operation("get_decision", "Read a decision again", reply=DecisionReply, errors=(404,))
    ),
)
async def read(
    request: Request[Any, Any, Any],
    id: FromPath[str],  # noqa: A002  # The path's own word.
) -> Response[bytes]:
    """The decision as it was told when it was made, with the same figures."""
    runtime = runtime_of(request)
    decision_id = uuid_or_none(id)
    found = None
    if decision_id is not None:
        found = await find_decision(runtime.db, workspace_of(request).id, decision_id)
    if found is None:
        raise NotFoundError(f"There is no decision {id!r} here.", code="decision_unknown")
    return json_reply(decision_reply(runtime, found))


def decision_reply(runtime: Runtime, result: TriggerResult) -> DecisionReply:
    """A decision with the addresses that go with it."""
    decision = result.decision
    is_mail = decision.is_asked and decision.channel == EMAIL
    return DecisionReply(
        id=decision.id,
        asked=decision.is_asked,
        reason=decision.reason,
        explanation=result.explanation,
        detail=result.verdict.detail,
        touchpoint=decision.touchpoint,
        channel=decision.channel,
        decided_at=decision.created_at,
        respondent=decision.respondent,
        survey=result.survey_key,
        invitation=_item(runtime, result.invitation) if result.invitation else None,
        delivery=result.delivery_id if is_mail else msgspec.UNSET,
    )


def uuid_or_none(text: str) -> UUID | None:
    """The id in a path; None for what cannot be one, so that it is as unknown as any other."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _item(runtime: Runtime, invitation: Invitation) -> InvitationItem:
    settings = runtime.settings.of(HttpSettings)
    return InvitationItem(
        id=invitation.id,
        code=invitation.code,
        url=invitation_url(settings.short_url, invitation.code),
        expires_at=invitation.expires_at,
        qr_svg_url=invitation_qr_url(settings.public_url, invitation.code, "svg"),
        qr_png_url=invitation_qr_url(settings.public_url, invitation.code, "png"),
    )


ROUTES = (read,)

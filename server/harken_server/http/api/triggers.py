"""A touchpoint happened: decide, explain, and invite."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post

from harken_server.distribution.links import invitation_qr_url, invitation_url
from harken_server.distribution.requests import TriggerRequest
from harken_server.distribution.triggers import TriggerResult
from harken_server.distribution.triggers import trigger as decide_trigger
from harken_server.http.access import workspace_of
from harken_server.http.bodies import decode_json
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.settings import Settings

IDEMPOTENCY_KEY = "Idempotency-Key"


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
    """asked, no_survey, not_live, suppressed, sampled_out or cooldown."""
    explanation: str
    survey: str | None = None
    invitation: InvitationItem | None = None


_triggers = msgspec.json.Decoder(TriggerRequest)


@post(
    "/triggers",
    opt=describe(
        Operation(
            "trigger",
            "A touchpoint happened: may this respondent be asked?",
            scope="write",
            body=TriggerRequest,
            reply=DecisionReply,
            status=201,
            also=(200,),
            errors=(400, 409, 413, 422),
            headers=(
                (IDEMPOTENCY_KEY, "Repeating the request with the same key gives the same answer."),
            ),
        )
    ),
)
async def trigger(request: Request[Any, Any, Any]) -> Response[bytes]:
    """201 with a new decision; 200 when the idempotency key was used before."""
    runtime = runtime_of(request)
    body = decode_json(await request.body(), _triggers)
    result = await decide_trigger(
        runtime.db,
        body,
        workspace_id=workspace_of(request).id,
        now=runtime.clock(),
        random=runtime.random,
        idempotency_key=request.headers.get(IDEMPOTENCY_KEY),
    )
    return json_reply(decision_reply(runtime, result), 200 if result.is_repeat else 201)


def decision_reply(runtime: Runtime, result: TriggerResult) -> DecisionReply:
    """A decision with the addresses that go with it."""
    item: InvitationItem | None = None
    if result.invitation is not None:
        settings: Settings = runtime.settings
        code = result.invitation.code
        item = InvitationItem(
            id=result.invitation.id,
            code=code,
            url=invitation_url(settings.short_url, code),
            expires_at=result.invitation.expires_at,
            qr_svg_url=invitation_qr_url(settings.public_url, code, "svg"),
            qr_png_url=invitation_qr_url(settings.public_url, code, "png"),
        )
    return DecisionReply(
        id=result.decision.id,
        asked=result.decision.is_asked,
        reason=result.decision.reason,
        explanation=result.explanation,
        survey=result.survey_key,
        invitation=item,
    )


ROUTES = (trigger,)

"""Addresses that a carrier of text messages calls with each reply."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, Response, post

from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import SMS_HOOK_KIND
from harken_server.kernel.tokens import sign_token
from harken_server.workspaces.access import workspace_of

HOOK_YEARS = 10


class MessageHooks(msgspec.Struct, kw_only=True):
    """Enter one of these at the carrier. Whoever knows it can answer in a respondent's name."""

    generic_url: str
    """Takes JSON: `from`, `text` and `id`; gives `text` and `done`."""
    twilio_url: str
    """Takes Twilio's form and gives TwiML."""
    expires_at: datetime


@post(
    "/messages/hooks",
    opt=describe(
        Operation(
            "create_message_hooks",
            "Make the addresses for received text messages",
            scope="manage",
            reply=MessageHooks,
            status=201,
        )
    ),
)
async def create(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Earlier ones stay good until they expire, or until the secret key changes."""
    runtime = runtime_of(request)
    until = (runtime.clock() + timedelta(days=365 * HOOK_YEARS)).replace(microsecond=0)
    token = sign_token(runtime.signing_keys, SMS_HOOK_KIND, workspace_of(request).id, "", until)
    base = f"{runtime.settings.of(HttpSettings).public_url}/v1/hooks/sms"
    hooks = MessageHooks(
        generic_url=f"{base}/generic?token={token}",
        twilio_url=f"{base}/twilio?token={token}",
        expires_at=until,
    )
    return json_reply(hooks, 201)


ROUTES = (create,)

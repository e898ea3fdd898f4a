"""Addresses that a carrier of text messages calls with each reply."""

from datetime import datetime

import msgspec

from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import SMS_HOOK_KIND, sign_hook
from harken_server.workspaces.keyed import Call, post


class MessageHooks(msgspec.Struct, kw_only=True):
    """Enter one of these at the carrier. Whoever knows it can answer in a respondent's name."""

    generic_url: str
    """Takes JSON: `from`, `text` and `id`; gives `text` and `done`."""
    twilio_url: str
    """Takes Twilio's form and gives TwiML."""
    expires_at: datetime


@post(
    "/messages/hooks",
    "create_message_hooks",
    "Make the addresses for received text messages",
    scope="manage",
    status=201,
)
async def create(call: Call) -> MessageHooks:
    """Earlier ones stay good until they expire, or are revoked as links."""
    token, until = await sign_hook(call.runtime, SMS_HOOK_KIND, call.workspace_id)
    base = f"{call.runtime.settings.of(HttpSettings).public_url}/v1/hooks/sms"
    return MessageHooks(
        generic_url=f"{base}/generic?token={token}",
        twilio_url=f"{base}/twilio?token={token}",
        expires_at=until,
    )

"""Addresses that a carrier of text messages calls with each reply."""

from datetime import datetime, timedelta

import msgspec

from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import SMS_HOOK_KIND
from harken_server.kernel.tokens import sign_token
from harken_server.workspaces.keyed import Call, post

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
    "create_message_hooks",
    "Make the addresses for received text messages",
    scope="manage",
    status=201,
)
async def create(call: Call) -> MessageHooks:
    """Earlier ones stay good until they expire, or until the secret key changes."""
    until = (call.now() + timedelta(days=365 * HOOK_YEARS)).replace(microsecond=0)
    token = sign_token(call.runtime.signing_keys, SMS_HOOK_KIND, call.workspace_id, "", until)
    base = f"{call.runtime.settings.of(HttpSettings).public_url}/v1/hooks/sms"
    return MessageHooks(
        generic_url=f"{base}/generic?token={token}",
        twilio_url=f"{base}/twilio?token={token}",
        expires_at=until,
    )

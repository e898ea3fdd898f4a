"""What came back of messages, and the addresses where providers tell it."""

from typing import Annotated
from uuid import UUID

import msgspec

from harken_server.channels.email import store as mail_store
from harken_server.channels.email.serve.hooks import HOOKS
from harken_server.channels.email.store import MailEvent
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import MAIL_HOOK_KIND, sign_hook
from harken_server.workspaces.keyed import Call, get, post


class MailHook(msgspec.Struct, frozen=True):
    """Where one provider tells of bounces and complaints."""

    provider: str
    url: str
    """Secret: whoever has it can keep people from being asked."""


class MailHookList(msgspec.Struct, frozen=True):
    """One address a provider; `dsn` takes the bounces themselves, from one's own mail server."""

    hooks: list[MailHook]


class MailEventQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at once."""

    before: UUID | None = None
    """The last event of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class MailEventList(msgspec.Struct, frozen=True):
    """A page of events, the latest first."""

    events: list[MailEvent]


@post(
    "/mail/hooks",
    "list_mail_hooks",
    "Addresses where mail providers tell of bounces and complaints",
    scope="manage",
)
async def hooks(call: Call) -> MailHookList:
    """Signed for ten years, unless HARKEN_HOOK_DAYS says less; each stands in the list of links."""
    base = f"{call.runtime.settings.of(HttpSettings).public_url}/v1/hooks/mail"
    found: list[MailHook] = []
    for provider in HOOKS:
        token, _ = await sign_hook(call.runtime, MAIL_HOOK_KIND, call.workspace_id, provider)
        found.append(MailHook(provider, f"{base}/{provider}?token={token}"))
    return MailHookList(found)


@get(
    "/mail/events", "list_mail_events", "Bounces, complaints and notices that wait to be confirmed"
)
async def events(call: Call, query: MailEventQuery) -> MailEventList:
    """The latest first; go on before the last one's id."""
    found = await mail_store.list_events(
        call.db, call.workspace_id, before=query.before, limit=query.limit
    )
    return MailEventList(found)

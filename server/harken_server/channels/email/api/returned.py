"""What came back of messages, and the addresses where providers tell it."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post

from harken_server.channels.email.serve.hooks import HOOKS
from harken_server.channels.email.store import returned as mail_events
from harken_server.channels.email.store.returned import MailEvent
from harken_server.http.bodies import decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import mail_hook_url
from harken_server.workspaces.access import workspace_of

HOOK_DAYS = 3650


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
    status_code=200,
    opt=describe(
        Operation(
            "list_mail_hooks",
            "Addresses where mail providers tell of bounces and complaints",
            scope="manage",
            reply=MailHookList,
        )
    ),
)
async def hooks(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Signed for ten years; nothing is stored."""
    runtime = runtime_of(request)
    expires_at = (runtime.clock() + timedelta(days=HOOK_DAYS)).replace(microsecond=0)
    found = [
        MailHook(
            provider,
            mail_hook_url(
                runtime.settings.of(HttpSettings).public_url,
                runtime.signing_keys,
                workspace_id=workspace_of(request).id,
                provider=provider,
                expires_at=expires_at,
            ),
        )
        for provider in HOOKS
    ]
    return json_reply(MailHookList(found))


@get(
    "/mail/events",
    opt=describe(
        Operation(
            "list_mail_events",
            "Bounces, complaints and notices that wait to be confirmed",
            query=MailEventQuery,
            reply=MailEventList,
            errors=(400,),
        )
    ),
)
async def events(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The latest first; go on before the last one's id."""
    query = decode_query(request.query_params.multi_items(), MailEventQuery)
    found = await mail_events.list_events(
        runtime_of(request).db, workspace_of(request).id, before=query.before, limit=query.limit
    )
    return json_reply(MailEventList(found))


ROUTES = (hooks, events)

"""Where notices of mail providers arrive, and what they left."""

from __future__ import annotations

import json
from typing import Any

import httpx
from api_client import Api
from mail_notices import (
    ADDRESS,
)

from harken_server.deliveries.store.deliveries import list_deliveries
from harken_server.http.settings import HttpSettings
from harken_server.invitations.invitation import Invitation
from harken_server.respondents.store.suppressions import get_suppression, is_suppressed


class Office:
    """A workspace that sent one message to `ada@example.com`, and the hooks it was given."""

    def __init__(self, api: Api, invitation: Invitation, hooks: dict[str, str]) -> None:
        self.api = api
        self.db, self.home = api.runtime.db, api.runtime.home
        self.invitation = invitation
        self.hooks = hooks

    async def tell(self, provider: str, body: Any) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        path = self.hooks[provider].removeprefix(
            self.api.runtime.settings.of(HttpSettings).public_url
        )
        return await self.api.http.post(path, content=raw, headers={"content-type": "text/plain"})

    async def state(self) -> str:
        sent = await list_deliveries(self.db, self.home, invitation_id=self.invitation.id)
        return sent[0].state

    async def reason(self) -> str | None:
        found = await get_suppression(self.db, self.home, self.invitation.respondent or "")
        return found.reason if found else None

    async def is_address_off(self) -> bool:
        return await is_suppressed(self.db, self.home, "somebody else", address=ADDRESS)

    async def events(self, **query: Any) -> list[dict[str, Any]]:
        reply = await self.api.http.get("/v1/mail/events", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()["events"]

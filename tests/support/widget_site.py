"""A site that embeds the widget with a key of its own."""

from __future__ import annotations

import base64
from typing import Any

import httpx
from api_client import Api

from harken_server.http.operations import Scope
from harken_server.workspaces.api import make_key

PICTURE = b"\x89PNG\r\n\x1a\n" + b"logo"
LOGO = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
TEXT = {"en": "Would you recommend us?", "de": "Würden Sie uns empfehlen?"}
TARGETED: dict[str, Any] = {
    "key": "targeted",
    "title": {"en": "Your order", "de": "Ihre Bestellung"},
    "description": {"en": "For the board only", "de": "Nur für den Vorstand"},
    "locales": ["de"],
    "touchpoints": ["order.secret_moment"],
    "questions": [{"type": "nps", "key": "recommend", "text": TEXT}],
    "presentation": {"theme": {"logo": LOGO}},
    "widget": {"mode": "modal", "opens": [{"on": "time", "seconds": 5}]},
}
ANSWERS_TO_PAGES = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
}


class Site:
    """A site with a key, whose pages ask for the widget."""

    def __init__(self, api: Api, key: str) -> None:
        self.http = api.http
        self.key = key

    async def config(self, query: str = "", **headers: str) -> httpx.Response:
        return await self.get(f"/widget/config?key={self.key}{query}", **headers)

    async def script(self, query: str = "", **headers: str) -> httpx.Response:
        return await self.get(f"/widget/v1.js?key={self.key}{query}", **headers)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.get(path, headers={"accept-encoding": "identity", **named})


async def new_key(api: Api, *origins: str, scope: Scope = "public") -> str:
    _, secret = await make_key(api.runtime, api.runtime.home, "site", (scope,), origins)
    return secret


async def push(api: Api, survey: dict[str, Any]) -> None:
    reply = await api.push(survey)
    assert reply.status_code in {200, 201}, reply.text

"""The real application in memory, clients of it, and what they ask."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

import harken
from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.workspaces.api import make_key

PURCHASE: dict[str, Any] = {
    "key": "post_purchase",
    "title": "Your order",
    "touchpoints": ["order.delivered"],
    "context": {"store": "our shop"},
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?", "required": True},
        {"type": "csat", "key": "satisfied", "text": "How satisfied are you?"},
        {
            "type": "long_text",
            "key": "why",
            "text": "What went wrong?",
            "show_if": {"op": "at_most", "answer": "recommend", "value": 6},
        },
    ],
}
VISIT: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "touchpoints": ["order.delivered"],
    "context": {"store": "our shop"},
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?", "required": True},
        {"type": "csat", "key": "happy", "text": "How was it?"},
    ],
}


class App:
    """The application with a way to make clients of it."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime
        self._transport = httpx.ASGITransport(create_app(runtime))

    async def secret(self, *scopes: Any) -> str:
        _, secret = await make_key(self.runtime, self.runtime.home, "test", scopes)
        return secret

    async def client(self, *scopes: Any) -> harken.AsyncClient:
        return self.client_with(await self.secret(*scopes))

    async def queue(self, key: str, respondent: str, signature: str) -> httpx.Response:
        """As the widget asks for it, in a browser."""
        async with httpx.AsyncClient(transport=self._transport, base_url="http://test") as page:
            return await page.post(
                f"/v1/public/widget/queue?key={key}",
                json={"respondent": respondent, "signature": signature},
            )

    def client_with(self, secret: str) -> harken.AsyncClient:
        return harken.AsyncClient("http://test", secret, transport=self._transport)


@asynccontextmanager
async def opened(folder: Path, **settings: str) -> AsyncIterator[App]:
    """The application, with its data in the folder."""
    given = {"HARKEN_DATA_DIR": str(folder), "HARKEN_PUBLIC_URL": "https://feedback.example.com"}
    async with open_runtime(load_settings(given | settings)) as runtime:
        yield App(runtime)

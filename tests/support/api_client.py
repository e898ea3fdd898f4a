"""A client of the application under test, with the words that API tests need often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec

from harken_server.http.operations import Scope
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.workspaces.api import make_key

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)

SURVEY: dict[str, Any] = {
    "key": "post_purchase",
    "title": "Your order",
    "touchpoints": ["order.delivered"],
    "context": {"store": "our shop"},
    "questions": [
        {
            "type": "nps",
            "key": "recommend",
            "text": "How likely to recommend us?",
            "required": True,
        },
        {
            "type": "single_choice",
            "key": "reason",
            "text": "Why?",
            "other": "Other",
            "choices": [{"value": "price", "label": "Price"}, {"value": "speed", "label": "Speed"}],
        },
        {
            "type": "long_text",
            "key": "why",
            "text": "What went wrong?",
            "show_if": {"op": "at_most", "answer": "recommend", "value": 6},
        },
    ],
}


class FakeClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def let_in(runtime: Runtime, items: int) -> None:
    """So many items a minute from one address: so few that a slow machine does not matter."""
    msgspec.structs.force_setattr(runtime.settings.of(HttpSettings), "rate_limit", items)


def let_keys_in(runtime: Runtime, items: int) -> None:
    """The same with one key."""
    msgspec.structs.force_setattr(runtime.settings.of(HttpSettings), "key_rate_limit", items)


class Api:
    """A client of the application with a key, and the words that tests need often."""

    def __init__(self, runtime: Runtime, http: httpx.AsyncClient, clock: FakeClock) -> None:
        self.runtime = runtime
        self.http = http
        self.clock = clock

    async def push(self, survey: dict[str, Any] | None = None, **query: str) -> httpx.Response:
        return await self.http.post("/v1/surveys", json=survey or SURVEY, params=query)

    async def submit(self, answers: dict[str, Any], **fields: Any) -> httpx.Response:
        body = {"id": str(uuid4()), "survey": "post_purchase", "answers": answers, **fields}
        return await self.http.post("/v1/public/responses", json=body)

    async def post_raw(self, body: bytes, content_type: str = "application/json") -> httpx.Response:
        return await self.http.post(
            "/v1/public/responses", content=body, headers={"content-type": content_type}
        )

    async def score(self, key: str = "post_purchase", **query: str) -> dict[str, Any]:
        reply = await self.http.get(f"/v1/surveys/{key}/scores", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()["scores"][0]

    async def key(
        self, *scopes: Scope, workspace: UUID | None = None, origins: Sequence[str] = ()
    ) -> str:
        _, secret = await make_key(
            self.runtime, workspace or self.runtime.home, "test", scopes or ("manage",), origins
        )
        return secret

    async def trigger(self, idempotency_key: str | None = None, **fields: Any) -> httpx.Response:
        body = {"touchpoint": "order.delivered", **fields}
        headers = {"idempotency-key": idempotency_key} if idempotency_key else {}
        return await self.http.post("/v1/triggers", json=body, headers=headers)


def problem_codes(reply: httpx.Response) -> list[str]:
    """The code of each problem in a problem document."""
    return [item["code"] for item in reply.json().get("problems", [])]

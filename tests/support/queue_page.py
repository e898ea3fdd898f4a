"""A page that asks what waits for its visitor."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
from api_client import SURVEY, Api

from harken import sign_identity

MINUTE = timedelta(minutes=1)


class Page:
    """A page of the site, with the public key in it and a server behind it that signs."""

    def __init__(self, api: Api, public: str, secret: str) -> None:
        self.api = api
        self.key = public
        self.secret = secret

    def sign(self, respondent: str, *, until: timedelta = timedelta(days=1)) -> str:
        return sign_identity(self.secret, respondent, self.api.clock() + until)

    async def post(self, path: str, body: Any, key: str | None = None, **headers: str) -> Any:
        return await self.api.http.post(
            f"/v1/public/widget/{path}",
            params={"key": key or self.key},
            content=json.dumps(body),
            headers={"content-type": "text/plain", "authorization": "", **headers},
        )

    async def queue(self, respondent: str = "c-42", **fields: Any) -> Any:
        body = {"respondent": respondent, "signature": self.sign(respondent), **fields}
        reply = await self.post("queue", body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def seen(self, token: str, what: str, **fields: Any) -> httpx.Response:
        return await self.post("seen", {"token": token, "what": what, **fields})

    async def add_survey(self, key: str) -> str:
        """Publish one more survey, which a touchpoint of its own asks; the touchpoint's key."""
        touchpoint = f"{key}.happened"
        await self.api.push({**SURVEY, "key": key, "touchpoints": [touchpoint]})
        settings = {"survey": key, "cooldown_days": 0}
        await self.api.http.put(f"/v1/touchpoints/{touchpoint}", json=settings)
        return touchpoint

    async def ask(self, respondent: str = "c-42", **fields: Any) -> str:
        fields = {"channel": "widget", **fields}
        reply = await self.api.trigger(respondent=respondent, **fields)
        assert reply.json()["asked"], reply.text
        return reply.json()["invitation"]["code"]


def tokens(queue: dict[str, Any]) -> list[str]:
    return [item["token"] for item in queue["asked"]]

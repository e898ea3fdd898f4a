"""A kiosk as its device sees it: its code, its token, and what it sends."""

from __future__ import annotations

from typing import Any

from api_client import Api

SMILEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "locale": "en",
    "locales": ["de"],
    "touchpoints": ["store.exit"],
    "questions": [
        {
            "type": "csat",
            "key": "happy",
            "text": {"en": "How was it?", "de": "Wie war es?"},
            "required": True,
        },
        {"type": "long_text", "key": "why", "text": {"en": "Why?", "de": "Warum?"}},
    ],
}


class Kiosk:
    """A device that was registered, and how it calls."""

    def __init__(self, api: Api, device: dict[str, Any], token: str) -> None:
        self.api = api
        self.id = device["id"]
        self.device = device
        self.token = token
        self.headers = {"authorization": f"Bearer {token}"}

    async def config(self, **headers: str) -> Any:
        return await self.api.http.get(
            "/v1/public/kiosk/config", headers={**self.headers, **headers}
        )

    async def send(self, *items: Any, **body: Any) -> Any:
        return await self.api.http.post(
            "/v1/public/kiosk/responses",
            json={"items": list(items), **body},
            headers=self.headers,
        )

    async def outcomes(self, *items: Any) -> list[str]:
        reply = await self.send(*items)
        assert reply.status_code == 200, reply.text
        return [result["outcome"] for result in reply.json()["results"]]


def item(sequence: int, happy: Any = 5, **fields: Any) -> dict[str, Any]:
    return {"sequence": sequence, "survey": "visit", "answers": {"happy": happy}, **fields}


async def register(api: Api, **body: Any) -> dict[str, Any]:
    reply = await api.http.post(
        "/v1/devices", json={"name": "Door", "touchpoint": "store.exit", **body}
    )
    assert reply.status_code == 201, reply.text
    return reply.json()


async def pair(api: Api, code: str) -> Any:
    return await api.http.post(
        "/v1/public/kiosk/pair", json={"code": code}, headers={"authorization": ""}
    )


async def stored(api: Api, key: str = "visit") -> list[dict[str, Any]]:
    reply = await api.http.get(f"/v1/surveys/{key}/responses", params={"limit": 1000})
    return reply.json()["responses"]


async def devices(api: Api) -> list[dict[str, Any]]:
    return (await api.http.get("/v1/devices")).json()["devices"]

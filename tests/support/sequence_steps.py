"""Beginning a response, going on with it, and reading it back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
from api_client import Api

SECRET = "made by the browser 1"


async def stored(api: Api, identity: str) -> dict[str, Any]:
    key = await api.key("read")
    reply = await api.http.get(
        f"/v1/surveys/post_purchase/responses/{identity}",
        headers={"authorization": f"Bearer {key}"},
    )
    assert reply.status_code == 200, reply.text
    return reply.json()


async def begin(api: Api, **fields: Any) -> str:
    said = {"id": str(uuid4()), "complete": False, "resume": SECRET, **fields}
    reply = await api.submit({"recommend": 3, "why": "Late"}, **said)
    assert reply.status_code == 201, reply.text
    return said["id"]


async def go_on(api: Api, identity: str, answers: dict[str, Any], **fields: Any) -> httpx.Response:
    said = {"sequence": 2, "complete": False, "resume": SECRET, **fields}
    return await api.submit(answers, id=identity, **said)

"""Keys, scopes, and the wall between workspaces."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api

UNKNOWN_ID = "0190a000-0000-7000-8000-000000000001"


async def call(api: Api, method: str, path: str, secret: str | None, **body: Any) -> int:
    headers = {"authorization": f"Bearer {secret}" if secret else ""}
    reply = await api.http.request(method, path, headers=headers, **body)
    return reply.status_code


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("", "key_malformed"),
        ("Bearer", "key_malformed"),
        ("Basic abc", "key_malformed"),
        ("Bearer hk_nothing", "key_unknown"),
        ("Bearer xx_nothing", "key_malformed"),
        ("Bearer hk_" + "a" * 5000, "key_malformed"),
    ],
)
async def test_without_a_good_key_nothing_is_read(live: Api, authorization: str, code: str) -> None:
    reply = await live.http.get("/v1/surveys", headers={"authorization": authorization})

    assert reply.status_code == 401
    assert reply.json()["code"] == code
    assert reply.headers["www-authenticate"].startswith("Bearer")


async def test_a_revoked_key_stops_working(live: Api) -> None:
    made = (await live.http.post("/v1/keys", json={"name": "till", "scopes": ["read"]})).json()
    before = await call(live, "GET", "/v1/surveys", made["key"])

    await live.http.delete(f"/v1/keys/{made['id']}")

    after = await live.http.get("/v1/surveys", headers={"authorization": f"Bearer {made['key']}"})
    assert before == 200
    assert after.status_code == 401
    assert after.json()["code"] == "key_revoked"


async def test_a_key_is_shown_once_and_never_stored(live: Api) -> None:
    made = (await live.http.post("/v1/keys", json={"name": "x", "scopes": ["read"]})).json()

    listed = (await live.http.get("/v1/keys")).json()["keys"]

    assert made["key"].startswith("hk_")
    assert all("key" not in item for item in listed)
    rows = await live.runtime.db.fetch("SELECT name, prefix, digest FROM api_key")
    assert not any(made["key"] in str(row) for row in rows)


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("read", "GET", "/v1/surveys", 200),
        ("read", "POST", "/v1/surveys", 403),
        ("read", "POST", "/v1/triggers", 403),
        ("read", "GET", "/v1/keys", 403),
        ("write", "GET", "/v1/surveys", 200),
        ("write", "GET", "/v1/keys", 403),
        ("write", "DELETE", f"/v1/surveys/post_purchase/responses/{UNKNOWN_ID}", 403),
        ("public", "GET", "/v1/surveys", 403),
        ("public", "GET", "/v1/keys", 403),
        ("public", "GET", "/v1/surveys/post_purchase/export.csv", 403),
        ("public", "GET", "/v1/surveys/post_purchase/scores", 403),
        ("manage", "GET", "/v1/keys", 200),
    ],
)
async def test_each_scope_reaches_what_it_says(
    live: Api, scope: Any, method: str, path: str, status: int
) -> None:
    secret = await live.key(scope)

    assert await call(live, method, path, secret) == status


async def test_a_public_key_may_submit_and_a_read_key_may_not(live: Api) -> None:
    body = {"id": str(uuid4()), "survey": "post_purchase", "answers": {"recommend": 9}}
    public, read = await live.key("public"), await live.key("read")

    assert await call(live, "POST", "/v1/public/responses", public, json=body) == 201
    assert await call(live, "POST", "/v1/public/responses", read, json=body) == 403


async def test_another_workspaces_key_does_not_submit_here(
    live: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    body = {"id": str(uuid4()), "survey": "post_purchase", "answers": {"recommend": 9}}
    stranger = await other_workspace()

    assert await call(live, "POST", "/v1/public/responses", stranger, json=body) == 404
    body["survey"] = "default.post_purchase"
    assert await call(live, "POST", "/v1/public/responses", stranger, json=body) == 404

"""Keys for some sites only: made, listed, and enforced where a page may use them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from api_client import SURVEY, Api

SHOP = "https://shop.example"


async def send(
    api: Api, query: str, *, origin: str | None = None, survey: str = "post_purchase", **more: str
) -> httpx.Response:
    held = api.http.headers.pop("authorization")
    headers = {**({} if origin is None else {"origin": origin}), **more}
    body = {"id": str(uuid4()), "survey": survey, "answers": {"recommend": 9}}
    try:
        return await api.http.post(f"/v1/public/responses{query}", json=body, headers=headers)
    finally:
        api.http.headers["authorization"] = held


async def test_a_key_is_made_and_listed_with_its_origins(api: Api) -> None:
    made = await api.http.post(
        "/v1/keys",
        json={
            "name": "web",
            "scopes": ["public"],
            "origins": [f"{SHOP}:443", "http://localhost:3000"],
        },
    )
    listed = (await api.http.get("/v1/keys")).json()["keys"]

    assert made.status_code == 201, made.text
    assert made.json()["origins"] == [SHOP, "http://localhost:3000"]
    assert {item["name"]: item.get("origins") for item in listed} == {
        "test": None,
        "web": [SHOP, "http://localhost:3000"],
    }


@pytest.mark.parametrize(
    ("origins", "path"),
    [
        (["shop.example"], "$.origins[0]"),
        ([SHOP, f"{SHOP}/a"], "$.origins[1]"),
        ([f"{SHOP}:{n}" for n in range(1, 22)], "$.origins"),
        (["https://" + "a" * 200], "$.origins[0]"),
        ("https://shop.example", "$.origins"),
    ],
)
async def test_what_is_no_origin_is_refused_with_its_place(
    api: Api, origins: Any, path: str
) -> None:
    body = {"name": "web", "scopes": ["public"], "origins": origins}

    reply = await api.http.post("/v1/keys", json=body)

    assert reply.status_code == 422, reply.text
    assert path in [problem["path"].replace("[...]", "[0]") for problem in reply.json()["problems"]]
    assert len((await api.http.get("/v1/keys")).json()["keys"]) == 1


@pytest.mark.parametrize("origin", [SHOP, "https://SHOP.example", None])
async def test_the_sites_of_a_key_may_submit_with_it(live: Api, origin: str | None) -> None:
    key = await live.key("public", origins=[SHOP])

    assert (await send(live, f"?key={key}", origin=origin)).status_code == 201


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "", "http://shop.example", f"{SHOP}:8443", f"{SHOP}."],
)
@pytest.mark.parametrize("way", ["address", "header"])
async def test_other_sites_may_not(live: Api, origin: str, way: str) -> None:
    key = await live.key("public", origins=[SHOP])

    if way == "address":
        reply = await send(live, f"?key={key}", origin=origin)
    else:
        reply = await send(live, "", origin=origin, authorization=f"Bearer {key}")

    assert reply.status_code == 403
    assert reply.json()["code"] == "origin_not_allowed"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert (await live.score())["n"] == 0


async def test_a_key_without_origins_is_for_every_site(live: Api) -> None:
    key = await live.key("public")

    assert (await send(live, f"?key={key}", origin="https://any.example")).status_code == 201


async def test_the_key_in_the_address_names_the_workspace(
    live: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    theirs = await other_workspace()
    pushed = await live.http.post(
        "/v1/surveys",
        json={**SURVEY, "key": "theirs"},
        headers={"authorization": f"Bearer {theirs}"},
    )
    assert pushed.status_code == 201

    with_key = await send(live, f"?a=1&key={theirs}&key2=x", survey="theirs")
    without = await send(live, "?a=1&monkey=2", survey="theirs")
    mine = await send(live, f"?key={theirs}")

    assert (with_key.status_code, without.status_code, mine.status_code) == (201, 404, 404)


async def test_a_key_may_be_percent_encoded(live: Api) -> None:
    key = await live.key("public")
    encoded = "".join(f"%{byte:02x}" for byte in key.encode())

    assert (await send(live, f"?key={encoded}")).status_code == 201
    assert (await send(live, f"?{quote('key')}={key}&x=%ff%")).status_code == 201


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?key=", 401, "key_malformed"),
        ("?key", 401, "key_malformed"),
        ("?key=hello", 401, "key_malformed"),
        ("?key=hk_%C3%A9", 401, "key_malformed"),
        ("?key=hk_%00", 401, "key_unknown"),
        ("?key=hk_" + "a" * 100, 401, "key_malformed"),
        ("?key=hk_unknown", 401, "key_unknown"),
        ("?key=hk_a&key=hk_b", 400, "bad_parameter"),
    ],
)
async def test_a_wrong_key_is_refused(live: Api, query: str, status: int, code: str) -> None:
    reply = await send(live, query)

    assert (reply.status_code, reply.json()["code"]) == (status, code)


async def test_a_key_that_only_reads_takes_no_submissions(live: Api) -> None:
    reply = await send(live, f"?key={await live.key('read')}")

    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden_scope")

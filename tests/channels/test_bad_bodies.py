"""A body that is no good stores nothing, on every route that anybody may send to (A16.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from api_client import Api
from receipt_steps import Shop, form_id_of, open_shop

from harken_server.database.database import Database
from harken_server.http.operations import SUBMIT_PATH
from harken_server.routes import PUBLIC
from harken_server.tables import TABLES

SENT_TO = sorted(
    {SUBMIT_PATH} | {sorted(route.paths)[-1] for route in PUBLIC if "POST" in route.http_methods}
)
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}
BODIES: Sequence[tuple[bytes, dict[str, str]]] = (
    (b"", {"content-type": "image/png"}),
    (b"\xff\xfe\x00", FORM),
    (b"{", JSON),
    (b"[]", JSON),
    (b'{"answers": 7, "id": "x", "survey": "post_purchase"}', JSON),
    (b'[{"answers": {"recommend": 9}, "survey": 7}]', JSON),
)
FORM_ROUTES = {"/s/{address:str}", "/i/{token:str}", "/r/{token:str}"}
BAD_FORMS: Sequence[dict[str, str]] = (
    {"r": "no-form-of-ours"},
    {"a_recommend": "99"},
    {"a_recommend": "nine"},
    {},
    {"a_recommend": "9", "a_reason": "x" * 70_000},
    {"go": "again", "a_recommend": "9"},
    {"clear": "recommend", "a_recommend": "9"},
)


async def contents(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    names = [table._meta.tablename for table in TABLES]
    return {name: sorted(await db.fetch(f'SELECT * FROM "{name}"'), key=repr) for name in names}


@pytest.fixture
async def shop(api: Api) -> Shop:
    return await open_shop(api)


async def addresses(shop: Shop, route: str) -> list[str]:
    """Good addresses of a route, so that only the body is bad; a token of others is made up."""
    if route == "/s/{address:str}":
        return ["/s/post_purchase", "/s/post_purchase?rid=a-stranger"]
    if route == "/r/{token:str}":
        return [f"/r/{shop.token(7)}"]
    decided = (await shop.api.trigger(respondent="ada")).json()
    invited = urlsplit(decided["invitation"]["url"]).path
    code = invited.rpartition("/")[2]
    return [route.replace("{token:str}", code).replace("{provider:str}", "dsn")
            .replace("{shape:str}", "twilio")]  # fmt: skip


@pytest.mark.parametrize("route", SENT_TO)
async def test_no_bad_body_stores_anything(shop: Shop, route: str) -> None:
    for address in await addresses(shop, route):
        before = await contents(shop.api.runtime.db)
        async with shop.visitor("198.51.100.7") as http:
            for body, headers in BODIES:
                reply = await http.post(address, content=body, headers=headers)
                assert reply.status_code < 500, (address, body, reply.text)
        assert await contents(shop.api.runtime.db) == before


@pytest.mark.parametrize("route", sorted(FORM_ROUTES))
async def test_no_bad_form_of_a_page_stores_anything(shop: Shop, route: str) -> None:
    for address in await addresses(shop, route):
        before = await contents(shop.api.runtime.db)
        async with shop.visitor("198.51.100.7") as http:
            for form in BAD_FORMS:
                reply = await send_form(http, address, form)
                after = await contents(shop.api.runtime.db)
                changed = {name for name in before if before[name] != after[name]}
                assert (reply.status_code < 500, changed) == (True, set()), (address, form)


@pytest.mark.parametrize("route", sorted(FORM_ROUTES))
async def test_a_good_form_stores_one_response(shop: Shop, route: str) -> None:
    for address in await addresses(shop, route):
        async with shop.visitor("198.51.100.7") as http:
            reply = await send_form(http, address, {"a_recommend": "9"})
        assert reply.status_code == 200, reply.text

        assert len((await contents(shop.api.runtime.db))["response"]) > 0


async def send_form(http: httpx.AsyncClient, address: str, form: dict[str, str]) -> httpx.Response:
    """A form of the page there, with these fields in it."""
    page = await http.get(address)
    fields = {"r": form_id_of(page), "v": "1", "after": "", "go": "next"}
    return await http.post(address, data=fields | form)

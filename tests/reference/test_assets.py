"""What pages load: kept for ever, small, and never another version's."""

from __future__ import annotations

import brotli
import pytest
from api_client import Api

from harken_server.design.assets import asset

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
TYPES = {
    "harken.css": "text/css; charset=utf-8",
    "results.css": "text/css; charset=utf-8",
    "harken.js": "text/javascript; charset=utf-8",
    "icons.svg": "image/svg+xml",
    "favicon.svg": "image/svg+xml",
    "touch-icon.png": "image/png",
    "og.png": "image/png",
}
MOST_BYTES = {"harken.css": 9_000, "results.css": 3_500, "harken.js": 4_000, "icons.svg": 3_000}
"""Compressed; the shell may take 25 kB in all (issue 12)."""


@ON_SQLITE
@pytest.mark.parametrize("name", TYPES)
async def test_an_asset_is_kept_for_ever_at_its_own_address(api: Api, name: str) -> None:
    reply = await api.http.get(asset(name), headers={"accept-encoding": "identity"})

    assert reply.status_code == 200
    assert reply.headers["content-type"] == TYPES[name]
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "set-cookie" not in reply.headers
    again = await api.http.get(asset(name), headers={"if-none-match": reply.headers["etag"]})
    assert again.status_code == 304


@ON_SQLITE
@pytest.mark.parametrize("name", MOST_BYTES)
async def test_an_asset_is_small_on_its_way(api: Api, name: str) -> None:
    async with api.http.stream("GET", asset(name), headers={"accept-encoding": "br"}) as reply:
        sent = b"".join([piece async for piece in reply.aiter_raw()])

    assert reply.headers["content-encoding"] == "br"
    assert len(sent) <= MOST_BYTES[name]
    assert brotli.decompress(sent)


@ON_SQLITE
@pytest.mark.parametrize(
    "path",
    ["/assets/0000000000000000/harken.css", f"{asset('harken.css')}x",
     asset("harken.css").replace("harken.css", "harken.js"), "/assets/x/tokens.css"],
)  # fmt: skip
async def test_another_versions_address_holds_nothing(api: Api, path: str) -> None:
    reply = await api.http.get(path)

    assert reply.status_code == 404
    assert "immutable" not in reply.headers.get("cache-control", "")


@ON_SQLITE
async def test_browsers_find_the_mark_where_they_try(api: Api) -> None:
    reply = await api.http.get("/favicon.ico")

    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/png")


@ON_SQLITE
async def test_the_guide_is_a_page_of_the_demo_alone(api: Api) -> None:
    assert (await api.http.get("/design")).status_code == 404

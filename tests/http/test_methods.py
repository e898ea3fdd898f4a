"""OPTIONS says of a path all that can be asked of it."""

from __future__ import annotations

import re
from collections import defaultdict

import httpx
from api_client import Api
from litestar import Litestar, get, put

from harken_server.app import build_routes
from harken_server.http.gateway.methods import with_options


@get("/thing")
async def read_thing() -> str:
    """One handler of the path."""
    return "read"


@put("/thing")
async def change_thing() -> str:
    """Another one."""
    return "changed"


async def allowed(app: Litestar) -> str:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://thing.test") as client:
        return (await client.options("/thing")).headers["allow"]


async def test_the_framework_forgets_all_handlers_of_a_path_but_the_first() -> None:
    plain = Litestar([read_thing, change_thing], openapi_config=None, logging_config=None)
    mended = Litestar(
        with_options([read_thing, change_thing]), openapi_config=None, logging_config=None
    )

    assert await allowed(plain) == "GET, OPTIONS"
    assert await allowed(mended) == "GET, OPTIONS, PUT"


async def test_every_path_of_the_application_says_what_it_takes(live: Api) -> None:
    taken: dict[str, set[str]] = defaultdict(set)
    for route in build_routes().routes:
        handlers = getattr(route, "route_handlers", ())
        taken[re.sub(r"\{\w+:\w+\}", "x", route.path)].update(
            *(handler.http_methods for handler in handlers)
        )
    said: dict[str, set[str]] = {}
    for path in taken:
        reply = await live.http.options(path)
        named = reply.headers.get("allow") or reply.headers["access-control-allow-methods"]
        said[path] = set(named.split(", "))

    assert any(len(methods) > 3 for methods in taken.values())
    assert said == taken

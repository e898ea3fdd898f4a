"""What a first look at a page of the console brings over the wire, where brotli is taken."""

from __future__ import annotations

import re

import httpx
import pytest
from api_client import Api
from console_routes import console_routes
from console_stage import ids_of_console
from signed_in import sign_in

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

FRAME, WHOLE = 25_000, 60_000
"""Style sheet, script and icons, which all pages share; a page with all that it loads."""
LOADED = re.compile(r'(?:href|src)="(/assets/[^"#]+)')


async def test_no_page_of_the_console_is_heavy(live: Api) -> None:
    ids, owner = await ids_of_console(live), await sign_in(live)
    weighed = 0

    for route in console_routes("GET"):
        reply = await fetch(owner.http, route.at(ids))
        found = set(LOADED.findall(reply.text)) if is_of_console(reply) else set[str]()
        if not found:
            continue
        frame = [(await fetch(owner.http, path)).num_bytes_downloaded for path in found]
        assert all(frame), found
        assert sum(frame) <= FRAME, (route, sum(frame))
        assert sum(frame) + reply.num_bytes_downloaded < WHOLE, (route, frame)
        weighed += 1

    assert weighed


async def fetch(http: httpx.AsyncClient, path: str) -> httpx.Response:
    """As a browser asks for it."""
    reply = await http.get(path, headers={"accept-encoding": "br"})
    assert reply.status_code in {200, 303}, path
    return reply


def is_of_console(reply: httpx.Response) -> bool:
    """Whether the console stands around it."""
    return 'id="sections"' in reply.text

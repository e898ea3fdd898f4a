"""Version, reference and API description are closed to strangers where that is set."""

from __future__ import annotations

import pytest
from api_client import Api

from harken_server import __version__
from harken_server.http.operations import Scope

CLOSED = {"HARKEN_DESCRIPTION": "keyed"}


async def strangers_page(api: Api, path: str) -> tuple[int, str]:
    del api.http.headers["authorization"]
    reply = await api.http.get(path)
    return reply.status_code, reply.text


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_everybody_may_read_unless_it_is_closed(live: Api, path: str) -> None:
    status, text = await strangers_page(live, path)

    assert status == 200
    assert __version__ in text


@pytest.mark.parametrize("mail_settings", [CLOSED])
@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_closed_it_needs_a_key(live: Api, path: str) -> None:
    status, text = await strangers_page(live, path)

    assert status == 401
    assert "key_missing" in text
    assert __version__ not in text


@pytest.mark.parametrize("mail_settings", [CLOSED])
@pytest.mark.parametrize("scope", ["read", "write", "manage", "public"])
@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_closed_a_key_of_any_scope_opens_it_and_nothing_keeps_it(
    live: Api, path: str, scope: Scope
) -> None:
    reply = await live.http.get(path, headers={"authorization": f"Bearer {await live.key(scope)}"})

    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "private, no-store"
    assert "access-control-allow-origin" not in reply.headers

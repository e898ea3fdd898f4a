"""The bare address: what a stranger learns there, and what there is to try in the demo."""

from __future__ import annotations

import re

import httpx
import msgspec
import pytest
from api_client import Api

from harken_server import __version__
from harken_server.app import create_app
from harken_server.http.runtime import Runtime


async def front(runtime: Runtime) -> httpx.Response:
    transport = httpx.ASGITransport(create_app(runtime), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as stranger:
        return await stranger.get("/")


@pytest.mark.parametrize("mail_settings", [{}, {"HARKEN_DESCRIPTION": "keyed"}])
async def test_a_stranger_finds_the_way_in_and_nothing_of_the_installation(live: Api) -> None:
    page = await front(live.runtime)

    assert page.status_code == 200
    assert re.findall(r'<a [^>]*href="([^"]+)"', page.text) == ["#main", "/sign-in"]
    assert __version__ not in page.text
    assert "Your order" not in page.text
    assert "set-cookie" not in page.headers


async def test_the_demo_leads_to_its_surveys_and_their_results(live: Api) -> None:
    link = await live.http.post("/v1/surveys/post_purchase/results-link", json={})
    demo = msgspec.structs.replace(live.runtime, is_demo=True)

    page = await front(demo)

    assert "/s/post_purchase" in page.text
    assert link.json()["url"] in page.text
    assert page.headers["cache-control"] == "private, no-store"
    listed = (await live.http.get("/v1/links")).json()["links"]
    assert len(listed) == 1


async def test_the_demo_shows_no_link_that_was_revoked(live: Api) -> None:
    link = await live.http.post("/v1/surveys/post_purchase/results-link", json={})
    listed = (await live.http.get("/v1/links")).json()["links"]
    await live.http.delete(f"/v1/links/{listed[0]['id']}")

    page = await front(msgspec.structs.replace(live.runtime, is_demo=True))

    assert link.json()["url"] not in page.text
    assert "See its results" not in page.text

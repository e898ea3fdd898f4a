"""A results page that is open while answers come: it says so, and moves nothing."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from uuid import uuid4

import pytest
from live_server import LiveServer
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_new_answers_are_told_and_shown_when_they_are_asked_for(
    live_server: LiveServer, open_page, axe, publish: Callable[..., tuple[str, str]]
) -> None:
    key, _ = publish("one_by_one")
    _answer(live_server, key)
    url = live_server.call("POST", f"/v1/surveys/{key}/results-link", {})["url"]
    watched = await open_page()
    page = watched.page
    await page.goto(live_server.url + url[url.index("/results/") :])
    before = await page.locator(".figure .value").first.inner_text()
    told = page.locator("[data-live] a")
    await expect(told).to_be_hidden()

    _answer(live_server, key)
    _answer(live_server, key)
    await expect(told).to_have_text("2 new answers: show")
    assert await page.locator(".figure .value").first.inner_text() == before
    assert await axe(page) == []
    await told.click()

    await expect(page.locator("#shown")).to_contain_text("3 responses")
    await expect(told).to_be_hidden()
    _answer(live_server, key)
    await expect(told).to_have_text("1 new answer: show")
    assert (watched.complaints, watched.violations) == ([], [])


def _answer(live: LiveServer, key: str) -> None:
    body = {"id": str(uuid4()), "survey": key, "answers": {"recommend": 9}}
    urllib.request.urlopen(
        urllib.request.Request(
            f"{live.url}/v1/public/responses", json.dumps(body).encode(),
            {"content-type": "application/json"},
        ),
        timeout=20,
    ).close()  # fmt: skip

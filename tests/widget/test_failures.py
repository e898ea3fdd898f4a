"""Our server down, slow, or sending rubbish: the page goes on, and `explain()` says why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import Page, Route
from served import free_port
from tiers import chosen
from watched import Watched
from widget_steps import answer, choose, close, reason_is, send, survey_on

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OPEN = {"access-control-allow-origin": "*"}
COUNTING = "<button onclick='this.textContent = 1 + +this.textContent'>0</button>"
ODD = {
    "key": "ask_1",
    "questions": 7,
    "widget": {"opens": "load", "pages": {"a": 1}, "cooldown": None, "devices": 3},
}
CONFIGS = {
    "error": (500, "text/plain", "Internal Server Error"),
    "unavailable": (503, "text/html", "<h1>503</h1>"),
    "not-found": (404, "application/problem+json", '{"code":"key_unknown"}'),
    "a-page": (200, "text/html", "<!doctype html><title>Captive portal</title>"),
    "half": (200, "application/json", '{"code":"survey-1.js","surveys":[{"key":"ask'),
    "nothing": (200, "application/json", ""),
    "null": (200, "application/json", "null"),
    "list": (200, "application/json", "[]"),
    "number": (200, "application/json", "7"),
    "text": (200, "application/json", '"config"'),
    "empty": (200, "application/json", "{}"),
    "surveys-number": (200, "application/json", '{"code":"x.js","surveys":7,"phrases":{}}'),
    "surveys-of-null": (200, "application/json", '{"code":"x.js","surveys":[null],"phrases":{}}'),
    "survey-empty": (200, "application/json", '{"code":"x.js","surveys":[{}],"phrases":{}}'),
    "targeting-odd": (
        200,
        "application/json",
        json.dumps({"code": "x.js", "phrases": {}, "surveys": [ODD]}),
    ),
}
OFTEN = ("error", "half", "null", "surveys-number", "surveys-of-null", "targeting-odd")
CONFIGS_OF_RIGHT_SHAPE = {"survey-empty", "targeting-odd"}
"""As far as the widget looks; it trusts its server with the rest, and catches what then fails."""


async def answering(page: Page, pattern: str, status: int, kind: str, body: str) -> None:
    """Answer requests to the server with this instead."""

    async def answer(route: Route) -> None:
        await route.fulfill(status=status, content_type=kind, body=body, headers=OPEN)

    await page.route(pattern, answer)


async def still_works(watched: Any) -> None:
    """The page's own button counts, and only the browser itself says something of the request."""
    button = watched.page.get_by_role("button", name="0")
    await button.click()
    assert await watched.page.get_by_role("button", name="1").count() == 1
    own = [one for one in watched.complaints if not one.startswith(("Failed to load", "Access to"))]
    assert own == []


@pytest.fixture
def apart(shop) -> str:
    """A tag whose config is a request of its own."""
    return f'<script async src="{shop.url}/widget/v1.js" data-key="{shop.public_key}"></script>'


@pytest.mark.parametrize("name", chosen(CONFIGS, *OFTEN))
async def test_a_config_of_rubbish_shows_nothing_and_breaks_nothing(
    host_page, open_page, publish, apart, name
):
    publish()
    watched = await open_page()
    await watched.watch_widget()
    await answering(watched.page, "**/widget/config?*", *CONFIGS[name])

    await host_page(COUNTING, tag=apart, on=watched)
    await watched.until(lambda: any("/widget/config" in one for one in watched.requests), "config")
    await watched.page.evaluate("new Promise(done => setTimeout(done, 100))")

    if name not in CONFIGS_OF_RIGHT_SHAPE:
        explained = await watched.page.evaluate("harken.explain()")
        assert [one["reason"] for one in explained] == ["unreachable"]
    assert await survey_on(watched.page).count() == 0
    await still_works(watched)


@pytest.mark.parametrize("how", ["refused", "silent"])
async def test_a_server_that_is_down_or_never_answers_is_unreachable(
    host_page, host_site, publish, shop, how
):
    publish()
    elsewhere = f"http://127.0.0.1:{free_port()}"
    if how == "silent":
        host_site.hang("/silent/widget/config")
        elsewhere = f"{host_site.url}/silent"
    source = f'src="{shop.url}/widget/v1.js" data-key="k" data-server="{elsewhere}"'
    tag = f"<script async {source}></script>"

    watched = await host_page(COUNTING, tag=tag, wait="load")
    await watched.until(lambda: any("/widget/config" in one for one in watched.requests), "config")
    if how == "refused":
        await watched.page.wait_for_function(
            "() => harken.explain().some(one => one.reason === 'unreachable')"
        )

    assert await survey_on(watched.page).count() == 0
    await watched.page.evaluate("harken.track('bought'); harken.show('ask_1'); harken.page(); 0")
    await still_works(watched)


SURVEY_CODES = {
    "error": (500, "text/plain", "no"),
    "a-page": (200, "text/html", "<!doctype html>"),
    "half": (200, "text/javascript", "export function open(ask) { return {"),
    "throws": (200, "text/javascript", "throw new Error('rubbish')"),
    "other": (200, "text/javascript", "export const open = 7"),
}


@pytest.mark.parametrize("name", chosen(SURVEY_CODES, "error", "half", "other"))
async def test_survey_code_of_rubbish_shows_nothing(host_page, open_page, publish, name):
    survey = publish()
    watched = await open_page()
    await watched.watch_widget()
    await answering(watched.page, "**/widget/survey-*.js", *SURVEY_CODES[name])

    await host_page(COUNTING, on=watched)

    assert await reason_is(watched, survey, "unreachable")
    assert await watched.event("error")
    assert await survey_on(watched.page).count() == 0
    await still_works(watched)


REPLIES = {
    "error": (500, "text/plain", "Internal Server Error"),
    "busy": (503, "application/problem+json", '{"code":"queue_full"}'),
    "gateway": (502, "text/html", "<h1>Bad gateway</h1>"),
    "too-often": (429, "application/problem+json", '{"code":"rate_limited"}'),
}


@pytest.mark.parametrize("name", REPLIES)
async def test_answers_wait_when_the_server_cannot_take_them(
    host_page, open_page, shop, publish, name
):
    survey = publish()
    watched = await open_page()
    await watched.watch_widget()
    await answering(watched.page, "**/v1/public/responses?*", *REPLIES[name])
    await host_page(COUNTING, on=watched)

    submitted = await answer(watched)
    await watched.page.get_by_text("Saved on this device").wait_for()
    await close(watched.page)
    await still_works(watched)
    await watched.page.unroute_all(behavior="wait")
    await host_page(on=watched)
    await watched.until(lambda: shop.responses(survey), "a response")

    assert submitted["delivered"] is False
    assert [one["answers"] for one in shop.responses(survey)] == [{"recommend": 9}]


async def test_a_refusal_is_told_and_does_not_wait(host_page, open_page, publish):
    publish()
    watched = await open_page()
    await watched.watch_widget()
    refusal = {"type": "about:blank", "title": "Closed", "status": 409, "code": "survey_closed"}
    await answering(
        watched.page,
        "**/v1/public/responses?*",
        409,
        "application/problem+json",
        json.dumps(refusal),
    )
    await host_page(COUNTING, on=watched)

    await choose(watched.page)
    await send(watched.page)

    await watched.page.get_by_text("no longer collecting").wait_for()
    assert "submitted" not in watched.names()
    assert await watched.page.evaluate("localStorage.length") == 0
    await close(watched.page)
    await still_works(watched)


async def test_a_server_that_never_answers_a_submission_keeps_it(
    host_page, open_page, shop, publish
):
    """The page may close: what is under way counts as not stored until the server says so."""
    survey = publish()
    watched = await open_page()
    await watched.watch_widget()

    async def hold(route: Route) -> None:
        held.append(route)

    held: list[Route] = []
    await watched.page.route("**/v1/public/responses?*", hold)
    await host_page(on=watched)
    await choose(watched.page)
    await send(watched.page)
    await watched.until(lambda: held, "a submission")
    later = Watched(await watched.page.context.new_page())
    await watched.page.close()
    await later.watch_widget()
    await host_page(on=later)
    await later.until(lambda: shop.responses(survey), "a response")

    assert [one["answers"] for one in shop.responses(survey)] == [{"recommend": 9}]

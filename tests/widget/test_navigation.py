"""Single-page applications, the back/forward cache, and what stays open across both."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browser_fixtures import CHROMIUM_FLAGS
from playwright.async_api import BrowserContext, async_playwright
from watched import Watched
from widget_steps import NO_SURVEY_S, can_send, choose, reason_is, send, survey_on

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CART = [{"match": "prefix", "url": "/cart"}]
MOVES = {
    "push-state": "history.pushState({}, '', '/cart/1')",
    "replace-state": "history.replaceState({}, '', '/cart/1')",
    "fragment": "location.hash = '/cart/1'",
    "navigation": "navigation.navigate('/cart/1')",
}
ROUTER = """<script>navigation.addEventListener("navigate", event => {
  if (event.canIntercept && event.navigationType !== "reload") event.intercept();
})</script>"""


@pytest.mark.parametrize("move", MOVES)
async def test_a_new_route_is_a_new_page_for_the_rules(host_page, publish, move):
    pages = [{"match": "contains", "url": "#/cart"}] if move == "fragment" else CART
    survey = publish(pages=pages)
    watched = await host_page(head=ROUTER if move == "navigation" else "")
    await reason_is(watched, survey, "wrong_page")

    await watched.page.evaluate(f"() => {{ {MOVES[move]} }}")

    await watched.event("shown")
    assert await reason_is(watched, survey, "shown")
    assert watched.complaints == []


async def test_where_nothing_tells_of_routes_the_site_does(host_page, publish):
    publish(pages=CART)
    before = "<script>Object.defineProperty(window, 'navigation', {value: undefined})</script>"
    watched = await host_page(head=before)
    await watched.page.evaluate("history.pushState({}, '', '/cart/1')")
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)
    assert "shown" not in watched.names()

    await watched.page.evaluate("harken.page()")

    await watched.event("shown")


@pytest.mark.parametrize("closes", [False, True])
async def test_an_open_survey_stays_over_a_route_change_unless_it_says_otherwise(
    host_page, shop, publish, closes
):
    survey = publish(closes_on_navigation=closes, max_shown=1)
    watched = await host_page()
    await choose(watched.page, 6)

    await watched.page.evaluate("history.pushState({}, '', '/another')")
    if closes:
        await survey_on(watched.page).wait_for(state="detached")
        assert "dismissed" not in watched.names(), "the page took it away, not the visitor"
        return
    await watched.page.wait_for_timeout(100)
    await send(watched.page)
    await watched.event("submitted")

    assert shop.responses(survey)[0]["answers"] == {"recommend": 6}


async def test_time_on_the_page_begins_again_with_each_route(host_page, publish):
    publish(opens=[{"on": "time", "seconds": 1}], pages=CART)
    watched = await host_page()
    await watched.page.wait_for_timeout(1200)

    moved = await watched.page.evaluate(
        "() => { history.pushState({}, '', '/cart/1'); return performance.now() }"
    )
    await watched.page.evaluate(
        "() => document.addEventListener('harken:shown', () => {"
        " document.title = performance.now() })"
    )
    await watched.event("shown")

    assert float(await watched.page.title()) - moved >= 450, "the clock ticks by the half second"


@pytest_asyncio.fixture(loop_scope="session")
async def caching(whole_chromium: str) -> AsyncIterator[BrowserContext]:
    """A browser that keeps pages for the back button, as people's browsers do."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=whole_chromium,
            args=CHROMIUM_FLAGS,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield await opened.new_context()
        await opened.close()


RESTORED = (
    "<script>addEventListener('pageshow', event => {"
    " if (event.persisted) new Image().src = '/restored' })</script>"
)


async def go_back(watched: Watched) -> None:
    """Go back to a page that the browser kept; the page itself says that it came from there.

    A driver's own `back` waits for a page to be loaded, which one from the cache never is.
    """
    await watched.page.evaluate("() => { setTimeout(() => history.back()) }")
    await watched.until(
        lambda: any(url.endswith("/restored") for url in watched.requests), "a page from the cache"
    )


async def test_a_page_from_the_back_forward_cache_goes_on_where_it_was(
    host_page, host_site, shop, publish, caching
):
    survey = publish(
        survey={
            "questions": [
                {"type": "nps", "key": "recommend", "text": "How likely?", "required": True},
                {"type": "short_text", "key": "why", "text": "Why?"},
            ]
        }
    )
    away = host_site.put("/away", "<!doctype html><title>Away</title>")
    watched = Watched(await caching.new_page())
    await watched.watch_widget()
    await host_page(RESTORED, on=watched)
    await choose(watched.page, 4)
    await watched.page.get_by_label("Why?").wait_for()
    await can_send(watched)

    await watched.page.goto(away)
    await watched.until(lambda: shop.responses(survey), "a partial response")
    await go_back(watched)
    await watched.page.get_by_label("Why?").fill("Because")
    await send(watched.page)
    await watched.event("submitted")

    [stored] = shop.responses(survey)
    assert stored["complete"] is True
    assert stored["answers"] == {"recommend": 4, "why": "Because"}
    assert watched.complaints == []


async def test_a_page_with_the_widget_at_rest_is_kept_for_the_back_button(
    host_page, host_site, publish, caching
):
    """No unload handler, no open connection, no lock: nothing that keeps it out of the cache."""
    publish(opens=[{"on": "exit"}])
    away = host_site.put("/away", "<!doctype html><title>Away</title>")
    watched = Watched(await caching.new_page())
    await watched.watch_widget()
    await host_page(RESTORED, on=watched)
    await watched.event("ready")

    await watched.page.goto(away)
    await go_back(watched)

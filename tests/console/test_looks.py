"""Every page of the console in a real Chromium: accessible, no wider than its window, by keyboard.

The pages are found in the application. Before `nightly` each is looked at once with something in
it and once empty, at one width in one scheme.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from browser_fixtures import OpenPage
from console_routes import ConsoleRoute, console_routes
from focus import unreachable_by_keyboard
from house import House
from looks import LOOKS, OFTEN, Axe, check_page, context_for
from playwright.async_api import Browser
from tiers import nightly

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROUTES = [route for route in console_routes("GET") if not route.path.endswith("/live")]
"""All but the stream, which is no page."""
EMPTY = {"", "/surveys", "/share", "/results", "/audit", "/keys", "/people"}
"""Pages that say something else while there is nothing yet."""


def _cases() -> list[Any]:
    often = itertools.cycle(OFTEN)
    first = {(route, next(often)) for route in ROUTES}
    return [
        pytest.param(route, look, id=f"{route.path or '/'}-{look}")
        if (route, look) in first
        else nightly(route, look, id=f"{route.path or '/'}-{look}")
        for route in ROUTES
        for look in LOOKS
    ]


@pytest.mark.parametrize(("route", "look"), _cases())
async def test_a_page_is_accessible_and_fits_its_window(
    browser: Browser, house: House, axe: Axe, route: ConsoleRoute, look: str
) -> None:
    await look_at(browser, house, axe, route, look)


@pytest.mark.parametrize(("route", "look"), [
    case if case.values[0].path in EMPTY else nightly(*case.values, id=case.id)
    for case in _cases() if "{" not in case.values[0].path
])  # fmt: skip
@pytest.mark.few(3)
async def test_a_page_without_anything_in_it_is_so_too(
    browser: Browser, empty_house: House, axe: Axe, route: ConsoleRoute, look: str
) -> None:
    await look_at(browser, empty_house, axe, route, look)


async def test_what_the_keyboard_misses_is_noticed(open_page: OpenPage) -> None:
    page = (await open_page()).page
    await page.set_content(
        "<style>:focus-visible {outline: 2px solid}</style>"
        "<button>Seen</button><button style='outline: none'>Dark</button><input type=date>"
        "<button id=trap>Trap</button><button>Beyond</button>"
        "<script>trap.addEventListener('keydown', event => event.preventDefault())</script>"
    )

    dark, missed = await unreachable_by_keyboard(page)

    assert (dark[:8], "Dark" in dark) == ("no ring:", True)
    assert "Beyond" in missed


async def look_at(browser: Browser, house: House, axe: Axe, route: ConsoleRoute, look: str) -> None:
    """Open it as the owner, and say all that is wrong with it."""
    context = await context_for(browser, look)
    try:
        await house.enter(context)
        address = house.url + route.at(house.ids, house.slug)
        reply = await context.request.get(address)
        assert reply.status == 200, (route, reply.status)
        is_html = reply.headers["content-type"].startswith("text/html")
        if not is_html or "sandbox" in reply.headers["content-security-policy"]:
            return  # a picture or a file, or a message that is seen in a frame of another page
        page = await context.new_page()
        complaints: list[str] = []
        page.on("console", lambda told: complaints.append(told.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(address)
        assert not complaints
        await check_page(page, axe)
    finally:
        await context.close()

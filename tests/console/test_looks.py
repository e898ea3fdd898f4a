"""Every page of the console in a real Chromium: accessible, no wider than its window, by keyboard.

The pages are found in the application. Before `nightly` each is looked at once with something in
it and once empty, at one width in one scheme.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from console_routes import ConsoleRoute, console_routes
from focus import unreachable_by_keyboard
from house import House
from playwright.async_api import Browser, Page
from tiers import nightly

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WIDTHS = (320, 390, 768, 1280, 1920)
LOOKS = [f"{width}-{scheme}" for width in WIDTHS for scheme in ("light", "dark", "forced")]
OFTEN = ("320-light", "1280-dark", "320-dark", "1280-light")
ROUTES = console_routes("GET")
EMPTY = {"", "/surveys", "/share", "/results", "/audit", "/keys", "/people"}
"""Pages that say something else while there is nothing yet."""
Axe = Callable[[Page], Awaitable[list[str]]]


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
async def test_a_page_without_anything_in_it_is_so_too(
    browser: Browser, empty_house: House, axe: Axe, route: ConsoleRoute, look: str
) -> None:
    await look_at(browser, empty_house, axe, route, look)


async def look_at(browser: Browser, house: House, axe: Axe, route: ConsoleRoute, look: str) -> None:
    """Open it as the owner, and say all that is wrong with it."""
    width, _, scheme = look.partition("-")
    context = await browser.new_context(
        viewport={"width": int(width), "height": 900}, reduced_motion="reduce",
        **({"forced_colors": "active"} if scheme == "forced" else {"color_scheme": scheme}),
    )  # fmt: skip
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
        assert await page.evaluate(
            "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), "it is wider than its window"
        assert not await unreachable_by_keyboard(page)
        assert not await axe(page)
    finally:
        await context.close()

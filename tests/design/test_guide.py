"""The guide in a real browser: at every width, by keyboard, with and without script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect
from tiers import chosen, pairwise
from watched import Watched

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
OpenPage = Callable[..., Awaitable[Watched]]


@pytest.mark.parametrize(
    *pairwise(
        path=["/design", "/design/console"],
        width=chosen([320, 390, 768, 1280], 320, 1280),
        scheme=["light", "dark"],
        forced=["none", "active"],
    )
)
@pytest.mark.few(2)
async def test_the_guide_is_without_faults(
    open_page: OpenPage, demo: str, axe: Callable[[Page], Awaitable[list[str]]],
    path: str, width: int, scheme: Any, forced: Any,
) -> None:  # fmt: skip
    watched = await open_page(width, color_scheme=scheme, forced_colors=forced)
    await watched.page.goto(demo + path)

    assert await axe(watched.page) == []
    assert await watched.page.evaluate("document.documentElement.scrollWidth") <= width
    assert watched.complaints == []


async def test_a_part_changes_alone_and_the_address_with_it(open_page: OpenPage, demo: str) -> None:
    page = (await open_page()).page
    await page.goto(demo + "/design")
    await page.get_by_label("Filter at once").fill("hotel")
    await page.get_by_label("90 days").check()

    await expect(page.get_by_text("Shown: 90 days")).to_be_visible()
    await expect(page.get_by_label("90 days")).to_be_focused()
    await expect(page.get_by_role("status")).to_have_text("Updated.")
    await expect(page.get_by_label("Filter at once")).to_have_value("hotel")
    assert page.url.endswith("/design?period=90")
    await page.go_back()
    await expect(page.get_by_text("Shown: 30 days")).to_be_visible()


async def test_a_part_that_fails_is_a_whole_page(open_page: OpenPage, demo: str) -> None:
    page = (await open_page()).page
    await page.goto(demo + "/design")
    await page.evaluate("void (window.fetch = () => Promise.reject(new TypeError()))")
    await page.get_by_role("link", name="All", exact=True).click()

    await expect(page.get_by_text("Shown: All")).to_be_visible()
    assert await page.evaluate("performance.getEntriesByType('navigation')[0].name") == page.url


async def test_a_place_within_the_page_is_reached_without_loading_it_again(
    open_page: OpenPage, demo: str
) -> None:
    watched = await open_page()
    page = watched.page
    await page.goto(demo + "/design")
    await page.get_by_label("Filter at once").fill("hotel")
    await page.get_by_text("Skip to the content").focus()
    await page.keyboard.press("Enter")

    await expect(page.locator("main")).to_be_focused()
    await page.go_back()
    await expect(page.get_by_label("Filter at once")).to_have_value("hotel")
    assert sum(url.startswith(demo + "/design") for url in watched.requests) == 1


async def test_what_was_answered_is_never_sent_again(open_page: OpenPage, demo: str) -> None:
    watched = await open_page()
    page = watched.page
    await page.goto(demo + "/design")
    await page.route("**/sent", lambda route: route.fulfill(
        status=403, content_type="text/html", body="<h1>Not you</h1>"
    ))  # fmt: skip
    await page.evaluate("""() => {
      const form = document.querySelector("#part form");
      form.method = "post";
      form.action = "/sent";
    }""")
    await page.get_by_role("button", name="Show").click()

    await expect(page.get_by_role("heading", name="Not you")).to_be_visible()
    assert sum(url.endswith("/sent") for url in watched.requests) == 1


async def test_rows_are_filtered_as_it_is_typed(open_page: OpenPage, demo: str) -> None:
    page = (await open_page()).page
    await page.goto(demo + "/design")
    rows = page.locator("#guide-surveys tbody tr:visible")
    await page.get_by_label("Filter at once").fill("STAY hotel")
    await expect(rows).to_have_count(1)
    await page.get_by_label("Filter at once").fill("zzz")
    await expect(page.get_by_text("No survey is called that.")).to_be_visible()
    await page.get_by_label("Filter at once").fill("")
    await expect(rows).to_have_count(4)


async def test_a_dialog_and_a_menu_open_and_close_by_keyboard(
    open_page: OpenPage, demo: str
) -> None:
    page = (await open_page()).page
    await page.goto(demo + "/design")
    opener = page.get_by_role("link", name="Invite somebody")
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Invite somebody")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()

    await page.get_by_role("button", name="More").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Rename")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("link", name="Rename")).to_have_count(0)


async def test_code_is_copied_and_said_so(open_page: OpenPage, demo: str) -> None:
    watched = await open_page(permissions=["clipboard-read", "clipboard-write"])
    page = watched.page
    await page.goto(demo + "/design")
    await page.locator(".code button").click()
    await expect(page.get_by_role("status")).to_have_text("Copied.")
    assert "v1.js" in await page.evaluate("navigator.clipboard.readText()")


async def test_without_script_navigation_and_dialogs_are_reached(
    open_page: OpenPage, demo: str
) -> None:
    page = (await open_page(320, java_script_enabled=False)).page
    await page.goto(demo + "/design/console")
    await page.get_by_role("button", name="Sections").click()
    await expect(page.get_by_role("link", name="Audit log")).to_be_visible()
    await page.goto(demo + "/design")
    await page.get_by_role("link", name="Invite somebody").click()
    await expect(page.get_by_label("E-mail")).to_be_visible()
    await expect(page.locator(".code button")).not_to_be_visible()

"""Pages for whoever is not in yet, in a real Chromium: accessible, fitting, by keyboard, inert."""

from __future__ import annotations

from pathlib import Path

import pytest
from doors import DOORS, Door, template_names
from live_server import LiveServer, serving
from looks import LOOKS, OFTEN, Axe, check_page, context_for
from playwright.async_api import Browser, BrowserContext, Page
from tiers import nightly

from harken_server.workspaces.people.cookies import SESSION
from harken_server.workspaces.store.workspaces import rename_workspace

SETTINGS = {
    "HARKEN_SMTP_URL": "smtp://127.0.0.1:9",
    "HARKEN_MAIL_FROM": "The Shop <feedback@shop.example>",
}
"""With mail a forgotten password is asked for; none is sent here."""
HOSTILE = "</title><script>document.title = 'evil'</script><img src=x onerror=alert(1)>"
FEW = OFTEN[:2]

pytestmark = pytest.mark.browser
in_one_loop = pytest.mark.asyncio(loop_scope="session")


def test_every_page_at_the_door_is_looked_at() -> None:
    assert set(DOORS) == template_names()


@in_one_loop
@pytest.mark.parametrize("look", [look if look in FEW else nightly(look) for look in LOOKS])
@pytest.mark.few(1)
async def test_a_page_at_the_door_is_accessible_and_fits_its_window(
    browser: Browser, axe: Axe, tmp_path: Path, look: str
) -> None:
    """As it comes up, and as it comes back from being sent with nothing in it."""
    with serving(tmp_path, **SETTINGS) as live:
        for name, make in DOORS.items():
            door = live.run_inside(make)
            context = await context_for(browser, look)
            page = await come_to(context, live, door)
            await check_page(page, axe)
            if await send_nothing(page):
                assert await page.locator("[aria-invalid], .banner").count(), name
                await check_page(page, axe)
            await context.close()


@in_one_loop
async def test_the_name_of_a_workspace_stays_a_text_at_the_door(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path, **SETTINGS) as live:
        live.run_inside(lambda runtime: rename_workspace(runtime.db, runtime.home, HOSTILE))
        shown = 0
        for make in DOORS.values():
            context = await browser.new_context()
            page = await come_to(context, live, live.run_inside(make))
            shown += HOSTILE in await page.locator("main").inner_text()
            assert await page.title() != "evil"
            assert not await page.locator("[onerror], main script").count()
            await context.close()
        assert shown


async def come_to(context: BrowserContext, live: LiveServer, door: Door) -> Page:
    """Bring the page up."""
    if door.secret:
        await context.add_cookies([{"name": SESSION, "value": door.secret, "url": live.url}])
    page = await context.new_page()
    await page.goto(live.url + door.path)
    for label, text in door.typed.items():
        await page.get_by_label(label).fill(text)
    if door.typed:
        async with page.expect_navigation():
            await page.locator("main .button.primary").click()
    return page


async def send_nothing(page: Page) -> bool:
    """Press the button of a form as it is, past the browser's own checks; False: there is none."""
    typed = page.locator("main form :is(input, textarea):not([type=hidden], [readonly])")
    if not await typed.count():
        return False
    await page.evaluate("() => { document.querySelector('main form').noValidate = true; }")
    async with page.expect_navigation():
        await page.locator("main .button.primary").click()
    return True

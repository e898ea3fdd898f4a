"""How a page of the house is looked at: at five widths, light, dark and in forced colours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from focus import unreachable_by_keyboard
from playwright.async_api import Browser, BrowserContext, Page

WIDTHS = (320, 390, 768, 1280, 1920)
LOOKS = [f"{width}-{scheme}" for width in WIDTHS for scheme in ("light", "dark", "forced")]
OFTEN = ("320-light", "1280-dark", "320-dark", "1280-light")
Axe = Callable[[Page], Awaitable[list[str]]]


async def context_for(browser: Browser, look: str) -> BrowserContext:
    """A browser of somebody's own with this look."""
    width, _, scheme = look.partition("-")
    return await browser.new_context(
        viewport={"width": int(width), "height": 900}, reduced_motion="reduce",
        **({"forced_colors": "active"} if scheme == "forced" else {"color_scheme": scheme}),
    )  # fmt: skip


async def check_page(page: Page, axe: Axe) -> None:
    """It is no wider than its window, the keyboard reaches all of it, and axe finds nothing."""
    assert await page.evaluate(
        "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ), "it is wider than its window"
    assert not await unreachable_by_keyboard(page)
    assert not await axe(page)

"""Presses that lead to another page, and the wait for it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from playwright.async_api import Locator, Page


@contextlib.asynccontextmanager
async def next_page(page: Page) -> AsyncIterator[None]:
    """Around what leads to another page: ends when that one is there and loaded.

    Whoever looks at a page right after a press looks at the page before, or at none: a script
    that runs in a page that is leaving fails, and an element of it is gone the next moment.
    """
    async with page.expect_event("load"):
        yield


async def press(locator: Locator) -> None:
    """Press a button or link, and wait for the page that it leads to."""
    async with next_page(locator.page):
        await locator.click()

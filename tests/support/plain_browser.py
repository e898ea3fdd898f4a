"""A Chromium for tests that wait in line, without asyncio; their module imports both fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser_fixtures import CHROMIUM_FLAGS, chromium
from playwright.sync_api import Browser, sync_playwright

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()

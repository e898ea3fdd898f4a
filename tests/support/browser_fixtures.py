"""Fixtures of everything that is tried in a real browser; a process has one Chromium and server."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
import pytest_asyncio
from browser_path import find_firefox, lean_chromium
from firefox import Firefox, running
from live_server import LiveServer, serving
from playwright.async_api import Browser, Page, async_playwright, expect
from watched import Watched

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
PATIENCE_MS = 30_000
"""What comes is waited for so long: on a loaded machine a page may take many seconds."""
OpenPage = Callable[..., Awaitable[Watched]]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The real application on SQLite, served by uvicorn on a free loopback port."""
    with serving(tmp_path_factory.mktemp("live")) as live:
        yield live


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Path of the browser."""
    return lean_chromium(tmp_path_factory.mktemp("chromium"))


@pytest.fixture(scope="session")
def whole_chromium(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Path of a browser that has all that people's browsers have, as the shell has not."""
    return lean_chromium(tmp_path_factory.mktemp("whole-chromium"), is_whole=True)


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """One headless Firefox for the tests of this file."""
    with running(find_firefox(), tmp_path_factory.mktemp("firefox")) as opened:
        yield opened


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def with_or_without_script(request: pytest.FixtureRequest, firefox: Firefox) -> Iterator[Firefox]:
    """Firefox whose pages run scripts, and the same whose pages do not."""
    firefox.allow_script(request.param)
    yield firefox
    firefox.allow_script(True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One Chromium for all browser tests."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens a page in a fresh context: `await open_page(width=320, java_script_enabled=False)`."""
    async with contextlib.AsyncExitStack() as stack:

        async def make(width: int = 1280, height: int = 900, **options: Any) -> Watched:
            options.setdefault("reduced_motion", "reduce")
            context = await browser.new_context(
                viewport={"width": width, "height": height}, **options
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            return Watched(await context.new_page())

        yield make


@pytest.fixture
def axe() -> Callable[[Page], Awaitable[list[str]]]:
    """Runs axe-core on a page; gives the violations.

    Of what passes it need not work out, nor send here, where on the page that is.
    """
    source = AXE.read_text("utf-8")

    async def run(page: Page) -> list[str]:
        await page.evaluate(source)
        violations = await page.evaluate(
            """async tags => (await axe.run(document, {
              runOnly: {type: "tag", values: tags}, resultTypes: ["violations"],
            })).violations""",
            AXE_TAGS,
        )
        return [
            f"{item['id']}: {node['target']} {node['failureSummary']}"
            for item in violations
            for node in item["nodes"]
        ]

    return run


@pytest.fixture(scope="session")
def screenshot(tier: str) -> Callable[[Page, str], Awaitable[None]]:
    """Writes a whole-page picture for people to look at, in `nightly`; nothing is compared."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    async def take(page: Page, name: str) -> None:
        if tier == "nightly":
            await page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return take

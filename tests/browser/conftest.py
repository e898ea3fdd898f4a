"""A real Chromium, the real server on a loopback port, and surveys to answer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import socket
import threading
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
import pytest_asyncio
import uvicorn
from browser_path import find_chromium
from playwright.async_api import Browser, Page, async_playwright

from harken_server.app import create_app, open_runtime
from harken_server.http.api.keys import make_key
from harken_server.settings import load_settings

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]


class LiveServer:
    """The application on a port of its own, and a key to it."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the keyed API; gives the decoded answer."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": f"Bearer {self.key}", "content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as reply:
            return json.loads(reply.read() or b"null")

    def push(self, survey: dict[str, Any]) -> str:
        """Publish a survey; gives its address."""
        self.call("POST", "/v1/surveys", survey)
        return f"{self.url}/s/{survey['key']}"

    def responses(self, key: str) -> list[dict[str, Any]]:
        """Everything stored for a survey."""
        return self.call("GET", f"/v1/surveys/{key}/responses?limit=1000")["responses"]


class _ServerThread(threading.Thread):
    """Runs the server in a loop of its own until asked to end."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="live-server", daemon=True)
        self._folder = folder
        self.ready = threading.Event()
        self.failure: BaseException | None = None
        self.live: LiveServer
        self.server: uvicorn.Server

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001  (told to the test by the fixture)
            self.failure = failure
        finally:
            self.ready.set()

    async def _serve(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = load_settings(
            {
                "HARKEN_DATABASE_URL": f"sqlite:///{self._folder}/live.db",
                "HARKEN_DATA_DIR": str(self._folder),
                "HARKEN_PUBLIC_URL": url,
                "HARKEN_SECRET_KEY": secrets.token_urlsafe(32),
            }
        )
        async with open_runtime(settings) as runtime:
            _, key = await make_key(runtime, runtime.home, "browser", ("manage",))
            self.live = LiveServer(url, key)
            config = uvicorn.Config(
                create_app(runtime), lifespan="off", access_log=False, log_config=None
            )
            self.server = uvicorn.Server(config)
            self.ready.set()
            await self.server.serve(sockets=[listener])


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The real application on SQLite, served by uvicorn on a free loopback port."""
    thread = _ServerThread(tmp_path_factory.mktemp("live"))
    thread.start()
    assert thread.ready.wait(30), "the server did not start"
    if thread.failure is not None:
        raise thread.failure
    yield thread.live
    thread.server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser."""
    return find_chromium()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One Chromium for all browser tests."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield opened
        await opened.close()


class Watched:
    """A page whose requests, console and policy violations are noted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._note(message.type, message.text))

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and "status of 4" not in text:
            self.complaints.append(text)


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[Callable[..., Awaitable[Watched]]]:
    """Opens a page in a fresh context: `await open_page(width=320, java_script_enabled=False)`."""
    async with contextlib.AsyncExitStack() as stack:

        async def make(width: int = 1280, height: int = 900, **options: Any) -> Watched:
            options.setdefault("reduced_motion", "reduce")
            context = await browser.new_context(
                viewport={"width": width, "height": height}, **options
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(10_000)
            return Watched(await context.new_page())

        yield make


@pytest.fixture
def axe() -> Callable[[Page], Awaitable[list[str]]]:
    """Runs axe-core on a page; gives the violations, and what it could not decide on contrast."""
    source = AXE.read_text("utf-8")

    async def run(page: Page) -> list[str]:
        await page.evaluate(source)
        found = await page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_TAGS
        )
        return [
            f"{item['id']}: {node['target']} {node['failureSummary']}"
            for item in found["violations"]
            for node in item["nodes"]
        ]

    return run


@pytest.fixture(scope="session")
def screenshot() -> Callable[[Page, str], Awaitable[None]]:
    """Writes a whole-page picture for people to look at; nothing is compared."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    async def take(page: Page, name: str) -> None:
        await page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return take

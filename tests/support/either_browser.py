"""A page in Chromium or Firefox, driven alike: scripts are function bodies that `return`."""

from __future__ import annotations

import time
from typing import Any, Protocol

from firefox import Firefox
from playwright.async_api import Page

PATIENCE_S = 30
ENTER = "\ue007"
"""The key, as WebDriver names it."""
WHERE = """for (const host of document.querySelectorAll('harken-survey')) {
  const part = host.shadowRoot?.querySelector(arguments[0]);
  if (!part) continue;
  part.scrollIntoView({block: 'nearest'});
  const {x, y, width, height} = part.getBoundingClientRect();
  if (width && height) return [x + width / 2, y + height / 2];
}"""


NOTES = """<script>
if (!window.told) {
  window.told = [];
  window.faults = [];
  for (const name of ["shown", "answered", "submitted", "dismissed"])
    addEventListener("harken:" + name, () => told.push(name), true);
  addEventListener("error", event => faults.push(event.message));
  addEventListener("unhandledrejection", event => faults.push(String(event.reason)));
}
</script>"""
"""For the head of a page: `told` lists what the widget told, and `faults` what failed."""


class Driver(Protocol):
    """What either browser can do."""

    async def open(self, url: str) -> None: ...

    async def run(self, script: str, *arguments: Any) -> Any: ...

    async def click(self, x: float, y: float) -> None: ...

    async def type(self, text: str) -> None: ...

    async def say_yes(self) -> None: ...


class InChromium:
    """A page of Playwright's."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def open(self, url: str) -> None:
        await self.page.goto(url)

    async def run(self, script: str, *arguments: Any) -> Any:
        called = f"given => (function () {{ {script} }}).apply(null, given)"
        return await self.page.evaluate(called, list(arguments))

    async def click(self, x: float, y: float) -> None:
        await self.page.mouse.click(x, y)

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def say_yes(self) -> None:
        """To what the page asks: whoever made the page has said so to Playwright beforehand."""


class InFirefox:
    """A window of a stock Firefox, or one tab of it where several people are about."""

    def __init__(self, firefox: Firefox, tab: str = "") -> None:
        self._firefox = firefox
        self._tab = tab

    @property
    def firefox(self) -> Firefox:
        """The browser, in which this tab is looked at."""
        if self._tab and self._firefox.tab() != self._tab:
            self._firefox.look_at(self._tab)
        return self._firefox

    async def open(self, url: str) -> None:
        self.firefox.open(url)

    async def run(self, script: str, *arguments: Any) -> Any:
        return self.firefox.run(script, *arguments)

    async def click(self, x: float, y: float) -> None:
        self.firefox.click(x, y)

    async def type(self, text: str) -> None:
        self.firefox.press(*text.replace("\n", ENTER))

    async def say_yes(self) -> None:
        """To what the page asks."""
        self.firefox.accept()


class Visitor:
    """Somebody who looks at a page, presses and types, in either browser."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.open = driver.open
        self.run = driver.run
        self.type = driver.type

    async def until(self, script: str, *arguments: Any) -> Any:
        """Run a script until it returns something true, and give that."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            if found := await self.run(script, *arguments):
                return found
            await self.run("return new Promise(done => setTimeout(done, 40))")
        told = await self.run("return [told, faults, document.body.outerHTML.slice(0, 1500)]")
        raise AssertionError(f"never true: {script} {arguments}; {told}")

    async def press(self, selector: str) -> None:
        """Press the mouse in the middle of a part of the survey, as soon as that is there."""
        await self._driver.click(*await self.until(WHERE, selector))

    async def told(self, event: str) -> None:
        """Wait until the site was told of an event of the widget."""
        await self.until("return told.includes(arguments[0])", event)

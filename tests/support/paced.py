"""Somebody who uses the console at a person's pace, in Chromium or Firefox.

Time is added up and not waited for: 0.9 s to read what came up, 0.4 s a press, 0.18 s a character
(the keystroke-level model of Card, Moran and Newell, 1980, rounded for people who are no typists).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from either_browser import Driver

READ_S, PRESS_S, CHARACTER_S = 0.9, 0.4, 0.18
PATIENCE_S = 30
_PLACE = """
  part.scrollIntoView({block: 'center', behavior: 'instant'});
  const {x, y, width, height} = part.getBoundingClientRect();
  return width && height ? [x + width / 2, y + height / 2] : null;"""
PRESSABLE = (
    """
  if (document.readyState != 'complete') return null;
  const name = part => {
    const unread = [...part.querySelectorAll('[aria-hidden=true]')].map(each => each.innerText);
    const read = unread.reduce((text, each) => text.replace(each || '', ''), part.innerText || '');
    return (part.getAttribute('aria-label') || read || part.value || '')
      .replace(/\\s+/g, ' ').trim();
  };
  const parts = [...document.querySelectorAll('a[href], button, summary, label')]
    .filter(part => part.checkVisibility({visibilityProperty: true}) && !part.disabled);
  const part = parts.find(each => name(each) == arguments[0])
    || parts.find(each => name(each).startsWith(arguments[0]));
  if (!part) return null;"""
    + _PLACE
)
FIELD = (
    """
  if (document.readyState != 'complete') return null;
  const label = [...document.querySelectorAll('label')]
    .find(each => each.innerText.trim().startsWith(arguments[0]));
  const part = label && label.control;
  if (!part) return null;"""
    + _PLACE
)
SEES = """
  return document.readyState == 'complete' && !!document.body
    && document.body.innerText.includes(arguments[0]);"""
SHOWN = "return document.body ? location.pathname + ' ' + document.body.innerText : ''"


Look = Callable[[str], Awaitable[None]]
"""Takes a picture of the page, under a name."""


class Step(NamedTuple):
    """What the person did, and what it cost them."""

    what: str
    presses: int
    characters: int
    reads: int
    waits_s: float = 0
    """For what comes by itself."""

    @property
    def seconds(self) -> float:
        """By the pace."""
        acts_s = self.presses * PRESS_S + self.characters * CHARACTER_S + self.reads * READ_S
        return acts_s + self.waits_s


class Paced:
    """A person, their browser, and what they did so far."""

    def __init__(self, driver: Driver, look: Look | None = None) -> None:
        self.driver = driver
        self.steps: list[Step] = []
        self._look = look
        self._called = ""

    def beside(self, called: str, driver: Driver) -> Paced:
        """Somebody else in the same story; their steps say whose they are."""
        other = Paced(driver)
        other.steps, other._called = self.steps, f"{called}: "
        return other

    @property
    def seconds(self) -> float:
        """How long all of it took."""
        return sum(step.seconds for step in self.steps)

    async def open(self, url: str, what: str, sees: str) -> None:
        """Open an address that was clicked or scanned elsewhere, and read the page."""
        await self.driver.open(url)
        await self.until(SEES, sees)
        self._did(what, 1, 0, 1)

    async def press(
        self, name: str, sees: str = "", *, picture: str = "", is_asked: bool = False
    ) -> None:
        """Press a link or button by its words, say yes where it asks, and read what comes of it."""
        await self.driver.click(*await self.until(PRESSABLE, name))
        self._did(f"press “{name}”", 1, 0, 1 if sees or is_asked else 0)
        if is_asked:
            await self.driver.say_yes()
            self._did("say yes", 1, 0, 1)
        if sees:
            await self.until(SEES, sees)
        await self.looks(picture)

    async def type(self, label: str, text: str) -> None:
        """Press a field by its label, and type."""
        await self.driver.click(*await self.until(FIELD, label))
        await self.driver.type(text)
        self._did(f"type into “{label}”", 1, len(text), 0)

    async def act(self, what: str, presses: int = 1, reads: int = 0) -> None:
        """Something outside of the console, which the test does by itself."""
        self._did(what, presses, 0, reads)

    async def wait(self, what: str, seconds: float) -> None:
        """For what came by itself, and read it."""
        self.steps.append(Step(self._called + what, 0, 0, 1, seconds))

    def _did(self, what: str, presses: int, characters: int, reads: int) -> None:
        self.steps.append(Step(self._called + what, presses, characters, reads))

    async def looks(self, picture: str) -> None:
        """Take a picture for the documents, where one is wanted here."""
        if picture and self._look is not None:
            await self._look(picture)

    async def until(self, script: str, *arguments: Any) -> Any:
        """Run a script until it gives something; pages that leave have not answered yet."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            try:
                if found := await self.driver.run(script, *arguments):
                    return found
                await asyncio.sleep(0.04)
            except Exception as error:
                if not any(word in str(error) for word in LEAVING):
                    raise
        shown = await self.driver.run(SHOWN)
        raise AssertionError(f"never there: {arguments}; the page is {shown[:1500]}")


LEAVING = ("context was destroyed", "unloaded", "navigation", "navigated", "frame was detached")
"""What browsers say of a script whose page went away."""


def told(steps: list[Step]) -> str:
    """The steps as a table for the documents."""
    lines = ["| step | presses | characters | seconds |", "|---|---|---|---|"]
    lines += [
        f"| {step.what} | {step.presses} | {step.characters or ''} | {step.seconds:.1f} |"
        for step in steps
    ]
    presses, characters = (sum(getattr(s, n) for s in steps) for n in ("presses", "characters"))
    whole = sum(step.seconds for step in steps)
    return "\n".join([*lines, f"| **all** | {presses} | {characters} | **{whole:.1f}** |"])

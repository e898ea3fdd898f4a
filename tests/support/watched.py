"""A page whose requests, errors, policy violations, dialogs and widget events are noted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from playwright.async_api import ConsoleMessage, Dialog, Page, Request

NOTE = "note-for-the-test:"
LISTENING = """(() => {
  const {info} = console, {stringify} = JSON, {apply} = Reflect, say = (kind, what) => {
    apply(info, console, ["%s" + kind + stringify({what})]);
  };
  addEventListener("securitypolicyviolation", event => say("violation",
    event.effectiveDirective + " " + event.blockedURI + " " + event.sample), true);
  for (const name of %s) addEventListener("harken:" + name, event =>
    say("event", {...event.detail, name, on: event.target.localName || "document"}), true);
})()"""
EVENTS = ["ready", "shown", "answered", "submitted", "dismissed", "suppressed", "error"]


class Watched:
    """A page and everything it did; `watch_widget` before the first page adds its events."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.sent: list[Request] = []
        self.loaded: list[str] = []
        self.complaints: list[str] = []
        self.violations: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.dialogs: list[str] = []
        page.on("request", self._request)
        page.on("requestfinished", lambda request: self.loaded.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)
        page.on("dialog", self._dialog)

    async def watch_widget(self) -> None:
        """Note the widget's DOM events and policy violations, without a global of our own."""
        await self.page.add_init_script(LISTENING % (NOTE, json.dumps(EVENTS)))

    def names(self) -> list[str]:
        """The widget's events so far, by name."""
        return [event["name"] for event in self.events]

    async def event(self, name: str, count: int = 1, timeout_s: float = 10) -> dict[str, Any]:
        """The widget's event, the `count`th of that name, as soon as it happened."""
        what = f"{name}, {count} in all,"
        await self.until(lambda: self.names().count(name) >= count, what, timeout_s)
        return [event for event in self.events if event["name"] == name][count - 1]

    async def until(self, holds: Callable[[], Any], what: str, timeout_s: float = 10) -> None:
        """Wait for something that is noted here or elsewhere in this process."""
        for _ in range(int(timeout_s / 0.02)):
            if holds():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(
            f"{what} did not happen; events: {self.events}; complaints: {self.complaints}; "
            f"violations: {self.violations}; requests: {self.requests}"
        )

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        self.sent.append(request)

    def _console(self, message: ConsoleMessage) -> None:
        text = message.text
        if text.startswith(NOTE):
            kind, _, what = text.removeprefix(NOTE).partition("{")
            noted = self.violations if kind == "violation" else self.events
            noted.append(json.loads("{" + what)["what"])
        elif message.type in {"error", "warning"} and "status of 4" not in text:
            self.complaints.append(text)

    async def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(f"{dialog.type}: {dialog.message}")
        await dialog.dismiss()

"""A survey opened by the shipped survey code alone, on a page without the loader."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import msgspec
from host_site import HostSite
from live_server import LiveServer
from playwright.async_api import Page
from rules_page import FILES, shipped, shipped_late

from harken_server.channels.page.face.surveys import phrases_config, survey_config
from harken_server.surveys.survey import Survey

OPEN = """async ([address, ask]) => {
    const code = window.code ||= await import(address);
    const host = document.body.appendChild(document.createElement("div"));
    window.told = [];
    await code.fetchFor({mode: "popover", ...ask});
    window.sitting = code.open({
        mode: "popover", position: "bottom_right", scheme: "light", wanted: false,
        context: {}, host,
        ...ask,
        tell: (event, detail) => told.push({event, ...detail}),
        gone: () => told.push({event: "gone"}),
    });
}"""
BODIES = "() => window.bodies"
_numbers = itertools.count(1)


class Sittings:
    """Opens surveys on a page of a host site, and looks at what is told and sent."""

    def __init__(self, page: Page, site: HostSite, server: LiveServer) -> None:
        self.page = page
        self._site = site
        self.server = server
        self.sent: list[dict[str, Any]] = []
        self._number = next(_numbers)
        page.on("request", self._note)

    async def visit(self, script: str = "") -> None:
        """A new page; the script runs on it before anything else."""
        body = f"<!doctype html><script>{script}</script><title>Shop</title><h1>Shop</h1>"
        self._site.put("/code.js", shipped("survey").read_bytes(), "text/javascript")
        for name in shipped_late():
            self._site.put(f"/{name}", (FILES / name).read_bytes(), "text/javascript")
        await self.page.goto(self._site.put(f"/sitting-{self._number}", body))

    async def open(self, survey: dict[str, Any], **ask: Any) -> None:
        """Show a survey that was published, and wait for what sends, which comes a little later."""
        config = survey_config(msgspec.convert(survey, Survey), 1, "en")
        given = {"survey": config, "phrases": phrases_config("en")}
        where = {"server": self.server.url, "key": self.server.public_key}
        await self.page.evaluate(OPEN, [f"{self._site.url}/code.js", {**given, **where, **ask}])
        await self.page.wait_for_function("() => !!window.code.rules.late.makeOutbox")

    async def press(self, name: str) -> None:
        """Press a button of the survey."""
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def told(self, event: str) -> dict[str, Any]:
        """What the site was told, as soon as it was."""
        found = await self.page.wait_for_function(
            "event => window.told.findLast(one => one.event == event)", arg=event
        )
        return await found.json_value()

    async def waiting(self) -> list[str]:
        """The lines that wait on the device."""
        text = await self.page.evaluate("localStorage['harken.waiting'] || ''")
        return [line for line in text.split("\n") if line]

    async def until(self, holds: Callable[[], Any], what: str) -> None:
        """Wait for something that is noted in this process."""
        for _ in range(400):
            if holds():
                return
            await self.page.wait_for_timeout(25)
        raise AssertionError(f"{what} did not come; sent: {self.sent}")

    async def stored(self, survey: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The one response of a survey, as soon as it is as wanted."""
        for _ in range(200):
            found = self.server.responses(survey)
            if len(found) == 1 and holds(found[0]):
                return found[0]
            await self.page.wait_for_timeout(25)
        raise AssertionError(f"stored: {found}; sent: {self.sent}")

    def _note(self, request: Any) -> None:
        if "/v1/public/responses" in request.url and request.method == "POST":
            self.sent.append(json.loads(request.post_data or "null"))

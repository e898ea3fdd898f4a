"""What tests do at a kiosk: register it, press faces, look into its memory."""

from __future__ import annotations

from typing import Any

from live_server import LiveServer
from playwright.async_api import Locator, Page
from watched import Watched

NOTHING_WAITS = "!kept.items.length"
FAST = {"mode": "smiley", "follow_up": False, "min_interval_s": 0, "thanks_s": 0.5}
"""Settings of a kiosk that waits for nothing."""

VISIT: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "locales": ["de", "ar"],
    "touchpoints": ["store.exit"],
    "questions": [
        {
            "type": "csat",
            "key": "happy",
            "required": True,
            "text": {
                "en": "How was your visit today?",
                "de": "Wie war Ihr Besuch heute?",
                "ar": "كيف كانت زيارتك اليوم؟",
            },
        },
        {
            "type": "short_text",
            "key": "better",
            "text": {
                "en": "What could be better?",
                "de": "Was könnte besser sein?",
                "ar": "ما الذي يمكن تحسينه؟",
            },
        },
    ],
    "presentation": {"brand": "Corner Bakery"},
}
READ = """() => new Promise(done => {
  const open = indexedDB.open("harken-kiosk");
  open.onsuccess = () => {
    const db = open.result, tx = db.transaction(["state", "items", "dead"]), found = {};
    for (const name of ["items", "dead"])
      tx.objectStore(name).getAll().onsuccess = event => found[name] = event.target.result;
    for (const name of ["registration", "counters"])
      tx.objectStore("state").get(name).onsuccess = event =>
        found[name] = event.target.result || null;
    tx.oncomplete = () => { db.close(); done(found); };
  };
})"""

CHANGE = """([store, key, change]) => navigator.locks.request("harken-kiosk-sending", () =>
  new Promise(done => {
    const open = indexedDB.open("harken-kiosk");
    open.onsuccess = () => {
      const db = open.result, tx = db.transaction(store, "readwrite"), kept = tx.objectStore(store);
      kept.get(key).onsuccess = ({target: {result}}) => {
        Object.assign(store == "items" ? result.item : result, change);
        kept.put(result, ...(kept.keyPath ? [] : [key]));
      };
      tx.oncomplete = () => { db.close(); done(); };
    };
  }))"""
"""Waits for the sender's turn to end: what it has read already it would still send as it was."""


class Shop:
    """A workspace with a survey, and the devices in it."""

    def __init__(self, live: LiveServer) -> None:
        self._live = live
        self.url = live.url

    def device(
        self, survey: dict[str, Any] | None = None, *, push: bool = True, **settings: Any
    ) -> dict[str, Any]:
        """Register a device for the survey, which is published first."""
        if push:
            self._live.push({**VISIT, **(survey or {})})
        settings = {"full_screen": False, **settings}
        body = {"name": "Door", "touchpoint": "store.exit", "settings": settings}
        return self._live.call("POST", "/v1/devices", body)

    def listed(self) -> dict[str, Any]:
        """The first device as the API lists it."""
        return self._live.call("GET", "/v1/devices")["devices"][0]

    def change(self, **settings: Any) -> None:
        """Change the settings of the first device."""
        self._live.call("PUT", f"/v1/devices/{self.listed()['id']}", {"settings": settings})

    def revoke(self) -> None:
        """Revoke the first device."""
        self._live.call("DELETE", f"/v1/devices/{self.listed()['id']}")

    def responses(self) -> list[dict[str, Any]]:
        """All that is stored."""
        return self._live.responses("visit")


async def open_kiosk(watched: Watched, shop: Shop, code: str) -> None:
    """Open the page and register it."""
    await watched.page.goto(f"{shop.url}/kiosk")
    await type_code(watched.page, code)
    await watched.page.get_by_role("main").locator(".smiley, .sitting, .message").wait_for()


async def type_code(page: Page, code: str) -> None:
    """Type a code on the page's own keypad."""
    await page.get_by_label("Type the eight digits").wait_for()
    for digit in code:
        await page.get_by_role("button", name=digit, exact=True).click()
    await page.get_by_role("button", name="OK").click()


def faces(page: Page) -> Locator:
    """The faces, worst first."""
    return page.locator(".face")


async def taps(page: Page, count: int) -> None:
    """Press the faces one after the other, each time when they are back."""
    for number in range(count):
        await faces(page).nth(number % 5).click()
        await page.locator(".thanks").last.wait_for()
        if number < count - 1:
            await faces(page).first.wait_for()


async def kept(page: Page) -> dict[str, Any]:
    """What the device holds in its memory."""
    return await page.evaluate(READ)


async def kept_soon(page: Page, holds: str) -> dict[str, Any]:
    """What the device holds, as soon as this holds of it: an expression of `kept`."""
    await page.wait_for_function(f"async () => {{ const kept = await ({READ})(); return {holds} }}")
    return await kept(page)


async def change_kept(page: Page, store: str, key: str | int, **change: Any) -> None:
    """Change what the device holds behind its back: an item, or a record of `state`."""
    await page.evaluate(CHANGE, [store, key, change])

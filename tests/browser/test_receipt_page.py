"""A receipt on a phone: scanned, or typed from paper, without any script."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pages import press
from playwright.async_api import expect

from harken.receipts import Till

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SURVEY: dict[str, Any] = {
    "key": "receipt_visit",
    "title": {"en": "Your visit", "de": "Ihr Besuch"},
    "locales": ["de"],
    "touchpoints": ["till.paid"],
    "presentation": {"brand": "Café Fjord", "pages": "single"},
    "questions": [
        {"type": "rating", "key": "overall", "required": True,
         "text": {"en": "How was it today?", "de": "Wie war es heute?"}},
        {"type": "long_text", "key": "why", "text": {"en": "What could be better?",
                                                   "de": "Was könnte besser sein?"}},
    ],
}  # fmt: skip


@pytest.fixture
def till(live_server) -> tuple[Any, str, Till]:
    """A workspace of its own with a survey, its store's code, and a till."""
    server = live_server.new_workspace()
    server.push(SURVEY)
    store = server.call("POST", "/v1/stores", {"name": "Harbour"})["code"]
    body = {"name": "Counter", "touchpoint": "till.paid"}
    made = server.call("POST", f"/v1/stores/{store}/tills", body)
    return server, store, Till.from_text(made["configuration"])


async def test_a_scanned_receipt_is_answered_on_a_phone(open_page, till, screenshot, axe) -> None:
    server, _, own = till
    watched = await open_page(width=360, height=740, java_script_enabled=True)
    page = watched.page
    address = f"{server.url}/R/{own.mint(1734, datetime.now(UTC)).token}"

    first = await page.goto(address)
    assert first is not None
    assert first.status == 200
    assert first.request.redirected_from is None
    await expect(page.get_by_text("How was it today?")).to_be_visible()
    await screenshot(page, "receipt-scanned-360")
    assert await axe(page) == []
    await page.locator("label:has(input[value='4'])").click()
    await press(page.get_by_role("button", name="Send"))
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    await page.goto(address)

    await expect(page.get_by_role("heading", name="You have already answered")).to_be_visible()
    await screenshot(page, "receipt-again-360")
    [stored] = server.responses("receipt_visit")
    assert (stored["standing"], stored["answers"]) == ("counted", {"overall": 4})
    assert all(url.startswith((server.url, "data:")) for url in watched.requests)


async def test_a_receipt_is_typed_without_script(open_page, till, screenshot) -> None:
    server, store, _ = till
    page = (await open_page(width=360, height=740, java_script_enabled=False)).page

    await page.goto(f"{server.url}/R")
    await screenshot(page, "receipt-typed-360")
    await press(page.get_by_role("button", name="Next"))
    await expect(page.get_by_text("Please check the store code").first).to_be_visible()
    await screenshot(page, "receipt-mistyped-360")
    await page.get_by_label("Store code").fill(store.lower().replace("-", " "))
    await page.get_by_label("Receipt number").fill("001734")
    await press(page.get_by_role("button", name="Next"))
    await press(page.get_by_role("button", name="Deutsch"))
    await page.locator("label:has(input[value='5'])").click()
    await press(page.get_by_role("button", name="Senden"))
    await expect(page.get_by_role("heading", name="Vielen Dank")).to_be_visible()

    [stored] = server.responses("receipt_visit")
    assert (stored["standing"], stored["locale"]) == ("unverified", "de")
    assert stored["context"].pop("store")
    assert stored["context"] == {"store_code": store, "receipt": "001734"}


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_the_form_can_be_used_by_all(open_page, live_server, axe, screenshot, language):
    page = (await open_page(width=320, height=700, locale=language)).page

    await page.goto(f"{live_server.url}/r/typed?store=x&number=1")

    assert await axe(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await screenshot(page, f"receipt-form-{language}-320")

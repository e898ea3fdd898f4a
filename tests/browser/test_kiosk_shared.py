"""A kiosk is shared: it offers nobody what others typed, and setting it up is no answer."""

from __future__ import annotations

from typing import Any

import pytest
from kiosk_steps import FAST, Shop, faces, kept, open_kiosk
from tiers import first_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
TYPED: list[dict[str, Any]] = [
    {"type": "email", "key": "mail", "text": "Q"},
    {
        "type": "single_choice", "key": "pick", "text": "Q", "other": "Else",
        "choices": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
    },
    {"type": "phone", "key": "tel", "text": "Q"},
    {"type": "short_text", "key": "name", "text": "Q"},
    {"type": "long_text", "key": "why", "text": "Q"},
    {"type": "number", "key": "age", "text": "Q"},
    {"type": "date", "key": "day", "text": "Q"},
]  # fmt: skip


@pytest.mark.parametrize("question", first_of(TYPED, 3), ids=[one["key"] for one in TYPED])
async def test_no_field_offers_what_others_typed(open_page, shop: Shop, question) -> None:
    device = shop.device({"questions": [question], "locales": []}, mode="survey")
    watched = await open_page(1024, 768)
    await open_kiosk(watched, shop, device["pairing_code"])
    fields = "harken-survey :is(input:not([type=radio]), textarea)"
    await watched.page.locator(fields).first.wait_for(state="attached")

    said = "fields => fields.map(field => field.autocomplete)"
    assert await watched.page.locator(fields).evaluate_all(said) == ["off"]


async def test_the_first_touch_after_pairing_only_fills_the_screen(open_page, shop: Shop) -> None:
    device = shop.device(full_screen=True, **FAST)
    watched = await open_page(1024, 768)
    page = watched.page
    await open_kiosk(watched, shop, device["pairing_code"])

    await faces(page).nth(3).click()
    await page.wait_for_function("() => document.fullscreenElement")
    await page.wait_for_timeout(300)
    assert (await kept(page))["counters"]["sequence"] == 0
    assert shop.responses() == []
    await faces(page).nth(3).click()

    await watched.until(shop.responses, "a response")
    assert len(shop.responses()) == 1


async def test_the_first_touch_ticks_nothing_either(open_page, shop: Shop) -> None:
    device = shop.device(full_screen=True, mode="survey")
    watched = await open_page(1024, 768)
    await open_kiosk(watched, shop, device["pairing_code"])
    radio = watched.page.get_by_role("radio").nth(1)

    await radio.locator("xpath=..").click()
    await watched.page.wait_for_timeout(300)
    assert await radio.is_checked() is False
    await radio.locator("xpath=..").click()

    assert await radio.is_checked() is True


async def test_a_kiosk_that_need_not_fill_the_screen_takes_the_first_touch(
    open_page, shop: Shop
) -> None:
    device = shop.device(full_screen=False, **FAST)
    watched = await open_page(1024, 768)
    await open_kiosk(watched, shop, device["pairing_code"])

    await faces(watched.page).nth(3).click()

    await watched.until(shop.responses, "a response")

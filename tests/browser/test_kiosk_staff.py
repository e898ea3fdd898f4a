"""The kiosk beside answering: closed, revoked, refused, copied, and for the staff."""

from __future__ import annotations

from typing import Any

import pytest
from kiosk_steps import (
    FAST,
    NOTHING_WAITS,
    Shop,
    change_kept,
    faces,
    kept,
    kept_soon,
    taps,
    type_code,
)
from tiers import first_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_outside_of_the_opening_hours_nothing_is_asked(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(**FAST, opening_hours={"monday": []})
    page = watched.page

    await page.get_by_role("heading", name="Closed just now").wait_for()

    assert await faces(page).count() == 0
    shop.change(**FAST)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await faces(page).first.wait_for()


async def test_a_revoked_device_asks_for_a_code(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(**FAST)
    await watched.page.wait_for_load_state("networkidle")  # or it may hear of it before the answer
    shop.revoke()

    await faces(watched.page).first.click()

    await watched.page.get_by_role("heading", name="This device is not registered").wait_for()
    assert shop.responses() == []
    state = await kept(watched.page)
    assert state["registration"] is None
    assert len(state["items"]) == 1
    await type_code(watched.page, shop.device(**FAST, push=False)["pairing_code"])
    await watched.until(shop.responses, "what was kept")
    assert len(shop.responses()) == 1


async def test_what_the_server_refuses_is_kept_for_the_staff(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(**FAST, exit_pin="4821")
    page = watched.page
    await page.context.set_offline(True)
    await taps(page, 3)
    await change_kept(page, "items", 2, answers={"happy": 99})
    await page.context.set_offline(False)

    await watched.until(lambda: len(shop.responses()) >= 2, "two responses")
    state = await kept_soon(page, f"{NOTHING_WAITS} && kept.dead.length")
    assert len(shop.responses()) == 2
    assert [one["code"] for one in state["dead"]] == ["invalid_submission"]
    await page.keyboard.press("Control+Shift+K")
    await page.get_by_label("PIN").fill("1111")
    await page.get_by_role("button", name="OK").click()
    await page.get_by_text("That is not the PIN").wait_for()
    await page.get_by_label("PIN").fill("4821")
    await page.get_by_role("button", name="OK").click()
    await page.get_by_text("Refused answers").click()
    await page.get_by_text("No. 2: invalid_submission").wait_for()


async def test_a_long_press_in_the_corner_opens_the_staff_screen(kiosk: Any) -> None:
    watched = await kiosk(**FAST)
    page = watched.page
    await page.mouse.move(20, 20)
    await page.mouse.down()
    await page.get_by_role("heading", name="Staff").wait_for()
    await page.mouse.up()

    await page.get_by_role("button", name="Back to the kiosk").click()
    await taps(page, 1)


async def test_a_copied_device_gives_its_answers_new_numbers(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(**FAST)
    page = watched.page
    await taps(page, 3)
    await watched.until(lambda: len(shop.responses()) == 3, "three responses")
    await change_kept(page, "state", "counters", sequence=1)

    await faces(page).nth(4).click()

    await watched.until(lambda: len(shop.responses()) == 4, "a fourth response", 20)
    assert (await kept(page))["dead"] == []


@pytest.mark.parametrize(
    "answer",
    first_of([
        {"status": 502, "content_type": "text/html", "body": "<h1>Bad gateway</h1>"},
        {"status": 404, "content_type": "text/html", "body": "<h1>No such site</h1>"},
        {"status": 200, "content_type": "text/html", "body": "<h1>Log in to our wifi</h1>"},
        {"status": 401, "content_type": "application/json", "body": "{}"},
        {"status": 200, "content_type": "application/json", "body": "{}"},
    ], 3),
)  # fmt: skip
@pytest.mark.few(1)
async def test_what_stands_between_may_say_anything(
    kiosk: Any, shop: Shop, answer: dict[str, Any]
) -> None:
    watched = await kiosk(**FAST)
    page, met = watched.page, list[Any]()

    async def meddle(route: Any) -> None:
        await route.fulfill(**answer)
        met.append(route)

    await page.context.route("**/kiosk/responses", meddle)
    await taps(page, 2)
    await watched.until(lambda: met, "a try")
    await page.wait_for_timeout(300)
    state = await kept(page)
    assert (len(state["items"]), state["dead"]) == (2, [])
    assert state["registration"] is not None
    await page.context.unroute("**/kiosk/responses", meddle)
    await page.evaluate("dispatchEvent(new Event('online'))")

    await watched.until(lambda: len(shop.responses()) == 2, "both responses")

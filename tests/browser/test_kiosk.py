"""The kiosk in a real browser: registered by its code, and every answer stored once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from kiosk_steps import (
    FAST,
    NOTHING_WAITS,
    Shop,
    faces,
    kept,
    kept_soon,
    open_kiosk,
    taps,
    type_code,
)
from live_server import LiveServer
from ports import free_port
from served import Served
from tiers import first_of
from watched import Watched

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_tap_on_a_face_is_an_answer(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(**FAST)

    await faces(watched.page).nth(3).click()

    await watched.page.get_by_text("Thank you").wait_for()
    await watched.until(shop.responses, "a response")
    [stored] = shop.responses()
    assert stored["answers"] == {"happy": 4}
    assert stored["complete"] is True
    assert stored["channel"] == "kiosk"
    assert stored["touchpoint"] == "store.exit"
    assert stored["context"]["device"] == "Door"
    await faces(watched.page).first.wait_for()
    await kept_soon(watched.page, NOTHING_WAITS)
    assert watched.complaints == []
    assert {url.split("/")[2] for url in watched.requests} == {shop.url.split("/")[2]}
    assert await watched.page.context.cookies() == []


async def test_the_code_is_typed_on_the_keypad_and_a_wrong_one_is_told(
    shop: Shop, open_page: Callable[..., Awaitable[Watched]]
) -> None:
    code = shop.device(**FAST)["pairing_code"]
    first, second = await open_page(1024, 768), await open_page(1024, 768)
    await first.page.goto(f"{shop.url}/kiosk")
    await second.page.goto(f"{shop.url}/kiosk")

    await type_code(first.page, code)
    await faces(first.page).first.wait_for()
    await type_code(second.page, f"{(int(code) + 1) % 10**8:08}")

    await second.page.get_by_text("No device waits for this code").wait_for()


@pytest.mark.parametrize("half", first_of([5, 10], 1))
async def test_taps_without_a_network_are_stored_once_each(
    kiosk: Any, shop: Shop, half: int
) -> None:
    watched = await kiosk(**FAST)
    page = watched.page
    await page.wait_for_function("() => navigator.serviceWorker.controller")
    await page.context.set_offline(True)

    await taps(page, half)
    await page.reload()
    await faces(page).first.wait_for()
    await taps(page, half)
    assert len((await kept(page))["items"]) == 2 * half
    assert shop.responses() == []
    await page.context.set_offline(False)

    await watched.until(lambda: len(shop.responses()) >= 2 * half, "all responses")
    await kept_soon(page, NOTHING_WAITS)
    stored = shop.responses()
    assert len(stored) == 2 * half
    assert sorted(one["answers"]["happy"] for one in stored) == sorted(
        [1, 2, 3, 4, 5] * (half * 2 // 5)
    )


async def test_a_server_that_was_killed_gets_everything_later(
    tmp_path: Path, open_page: Callable[..., Awaitable[Watched]]
) -> None:
    port = str(free_port())
    server = Served("serve", tmp_path, HARKEN_PORT=port)
    (key,) = re.findall(r"hk_\w+", server.printed())
    shop = Shop(LiveServer(server.url, key, "", lambda _work: None))
    watched = await open_page(1024, 768)
    page = watched.page
    try:
        await open_kiosk(watched, shop, shop.device(**FAST)["pairing_code"])
        await page.wait_for_function("() => navigator.serviceWorker.controller")
        await taps(page, 1)
        server.kill()
        await taps(page, 3)
        await page.reload()
        await taps(page, 2)
        assert len((await kept(page))["items"]) >= 5

        server = Served("serve", tmp_path, HARKEN_PORT=port)
        await page.evaluate("dispatchEvent(new Event('online'))")
        await watched.until(lambda: len(shop.responses()) >= 6, "six responses", 30)

        await kept_soon(page, NOTHING_WAITS)
        assert len(shop.responses()) == 6
    finally:
        await page.goto("about:blank")
        server.stop()


async def test_a_reply_that_is_lost_stores_nothing_twice(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(**FAST)
    page = watched.page
    lost = 0

    async def lose(route: Any) -> None:
        nonlocal lost
        lost += 1
        if lost <= 2:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.context.route("**/kiosk/responses", lose)
    await taps(page, 1)
    await watched.until(lambda: lost >= 1, "a first try")
    for _ in range(3):
        await page.evaluate("dispatchEvent(new Event('online'))")
        await page.wait_for_timeout(300)

    await watched.until(lambda: lost >= 3, "a third try")
    await kept_soon(page, NOTHING_WAITS)
    assert len(shop.responses()) == 1


async def test_two_tabs_of_a_device_store_each_answer_once(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(**FAST)
    other = await watched.page.context.new_page()
    await other.goto(f"{shop.url}/kiosk")
    await faces(other).first.wait_for()
    await watched.page.context.set_offline(True)

    await asyncio.gather(taps(watched.page, 5), taps(other, 5))
    numbers = [one["sequence"] for one in (await kept(other))["items"]]
    assert len(set(numbers)) == 10
    await watched.page.context.set_offline(False)

    await watched.until(lambda: len(shop.responses()) >= 10, "ten responses")
    await kept_soon(other, NOTHING_WAITS)
    assert len(shop.responses()) == 10


@pytest.mark.nightly
async def test_presses_within_the_interval_are_discarded_and_counted(
    kiosk: Any, shop: Shop
) -> None:
    watched = await kiosk(**{**FAST, "min_interval_s": 60})
    page = watched.page

    await taps(page, 4)

    state = await kept_soon(page, "kept.counters.discarded == 3")
    assert state["counters"]["sequence"] == 1
    await watched.until(shop.responses, "a response")
    assert len(shop.responses()) == 1
    await page.evaluate("dispatchEvent(new Event('online'))")
    await watched.until(lambda: (shop.listed()["report"] or {}).get("discarded") == 3, "a report")


async def test_a_double_tap_is_one_answer(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(**FAST)

    await faces(watched.page).nth(1).evaluate("face => { face.click(); face.click(); }")

    await watched.page.get_by_text("Thank you").wait_for()
    state = await kept_soon(watched.page, "kept.counters.discarded == 1")
    assert state["counters"]["sequence"] == 1


async def test_the_follow_up_belongs_to_the_same_response(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(mode="smiley", min_interval_s=0)
    page = watched.page

    await faces(page).first.click()
    await page.get_by_label("What could be better?").fill("The queue")
    await page.get_by_role("button", name="Send").click()

    await page.get_by_role("heading", name="Thank you").wait_for()
    await watched.until(shop.responses, "a response")
    [stored] = shop.responses()
    assert stored["answers"] == {"happy": 1, "better": "The queue"}
    assert stored["complete"] is True


@pytest.mark.nightly
async def test_a_follow_up_left_alone_keeps_the_tap(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(mode="smiley", min_interval_s=0, idle_reset_s=3)
    page = watched.page

    await faces(page).first.click()
    await page.get_by_label("What could be better?").wait_for()
    await page.get_by_text("Starting again in").first.wait_for()
    await faces(page).first.wait_for()

    await watched.until(shop.responses, "a response")
    [stored] = shop.responses()
    assert stored["answers"] == {"happy": 1}


@pytest.mark.nightly
async def test_a_survey_left_half_filled_starts_again_for_the_next_person(
    kiosk: Any, shop: Shop
) -> None:
    watched = await kiosk(idle_reset_s=3, min_interval_s=0)
    page = watched.page
    await page.get_by_text("Satisfied", exact=False).first.wait_for()
    await page.get_by_role("radio").nth(1).check(force=True)
    await page.get_by_label("What could be better?").fill("Nobody else may read this")

    await page.get_by_role("radio").first.wait_for()

    assert await page.get_by_role("radio", checked=True).count() == 0
    await page.get_by_role("radio").nth(4).check(force=True)
    assert await page.get_by_label("What could be better?").input_value() == ""
    await watched.until(shop.responses, "what was answered")
    [stored] = shop.responses()
    assert stored["complete"] is False
    assert stored["answers"]["happy"] == 2


async def test_whoever_is_still_there_can_say_so(kiosk: Any) -> None:
    watched = await kiosk(idle_reset_s=4, min_interval_s=0)
    page = watched.page
    await page.get_by_role("radio").nth(1).check(force=True)
    await page.get_by_label("What could be better?").fill("Let me think")

    await page.get_by_role("button", name="I am still here").click()

    await page.wait_for_timeout(1500)
    assert await page.get_by_label("What could be better?").input_value() == "Let me think"


async def test_a_whole_survey_is_answered_and_starts_again(kiosk: Any, shop: Shop) -> None:
    watched = await kiosk(min_interval_s=0)
    page = watched.page
    await page.get_by_role("radio").nth(4).check(force=True)
    await page.get_by_label("What could be better?").fill("Nothing")
    await page.get_by_role("button", name="Send").click()

    await page.get_by_role("heading", name="Thank you").wait_for()
    await page.wait_for_timeout(1100)
    await page.mouse.click(500, 300)
    await page.get_by_role("radio").first.wait_for()

    await watched.until(shop.responses, "a response")
    [stored] = shop.responses()
    assert stored["answers"] == {"happy": 5, "better": "Nothing"}
    assert stored["complete"] is True

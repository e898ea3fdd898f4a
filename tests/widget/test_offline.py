"""Answers given without a network are kept, said to be kept, and stored once."""

from __future__ import annotations

import asyncio

import pytest
from widget_steps import another_tab, answer, can_send, choose, close, go_offline, send, waiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_sent_offline_the_tab_closed_come_back_stored_once(host_page, shop, publish):
    survey = publish()
    watched = await host_page()
    context = watched.page.context
    await watched.event("shown")

    await go_offline(watched)
    submitted = await answer(watched)
    assert submitted["delivered"] is False
    await watched.page.get_by_text("Saved on this device").wait_for()
    assert await waiting(watched) == 1
    assert shop.responses(survey) == []
    later = await another_tab(watched)
    await watched.page.close()
    # A page that is being closed may still hear that the network is back, and send.
    await context.set_offline(False)

    await host_page(on=later)
    await later.until(lambda: shop.responses(survey), "a response")
    await host_page(on=later)
    await later.page.wait_for_function("() => !localStorage['harken.waiting']")

    [stored] = shop.responses(survey)
    assert stored["id"] == submitted["response"]
    assert stored["complete"] is True
    assert stored["channel"] == "widget"
    assert [one for one in watched.complaints if "ERR_INTERNET" not in one] == []
    assert later.complaints == []


async def test_the_network_coming_back_is_enough(host_page, shop, publish):
    survey = publish()
    watched = await host_page()
    await watched.event("shown")
    await go_offline(watched)
    await answer(watched)

    await watched.page.context.set_offline(False)
    await watched.until(lambda: shop.responses(survey), "a response")

    await watched.page.wait_for_function("() => !localStorage['harken.waiting']")
    assert len(shop.responses(survey)) == 1


async def test_a_network_that_goes_before_what_sends_has_come_loses_nothing(
    host_page, open_page, shop, publish
):
    survey = publish()
    watched = await open_page()
    await watched.watch_widget()
    page = watched.page
    await page.route("**/widget/sending-*", lambda route: route.abort("internetdisconnected"))
    await host_page(on=watched)
    await watched.event("shown")
    await page.context.set_offline(True)

    await choose(page, 6)
    await send(page)
    await send(page)
    said = page.get_by_role("alert").filter(has_text="could not save your answers")
    await said.wait_for()
    assert await said.count() == 1
    assert await page.get_by_role("radio", name="6", exact=True).is_checked()
    assert "submitted" not in watched.names()
    await page.unroute_all(behavior="wait")
    await page.context.set_offline(False)

    submitted = await watched.event("submitted")
    [stored] = shop.responses(survey)
    assert submitted["delivered"] is True
    assert (stored["id"], stored["answers"]) == (submitted["response"], {"recommend": 6})


async def test_two_tabs_that_come_back_at_once_store_once(host_page, shop, publish):
    survey = publish()
    watched = await host_page()
    await watched.event("shown")
    await go_offline(watched)
    await answer(watched)
    await watched.page.goto("about:blank")
    await watched.page.context.set_offline(False)
    second = await another_tab(watched)

    await asyncio.gather(host_page(on=watched), host_page(on=second))
    await watched.until(lambda: shop.responses(survey), "a response")

    assert len(shop.responses(survey)) == 1


async def test_twenty_wait_at_most_and_opting_out_drops_them(host_page, publish):
    publish()
    watched = await host_page(tag={"data_auto": "false"})
    await watched.page.context.set_offline(False)
    await watched.page.evaluate("harken.show('ask_1')")
    await watched.event("shown")
    await go_offline(watched)
    for number in range(1, 23):
        if number > 1:
            await watched.page.evaluate("harken.show('ask_1')")
            await watched.event("shown", number)
        await choose(watched.page)
        await send(watched.page)
        await watched.event("submitted", number)
        await watched.page.evaluate("harken.close()")

    assert await waiting(watched) == 20
    await watched.page.evaluate("harken.optOut()")
    assert await waiting(watched) == 0


async def test_what_waited_for_over_a_week_is_dropped(host_page, shop, publish):
    survey = publish(pages=[{"match": "exact", "url": "/never"}])
    watched = await host_page(tag=None)
    body = {"id": "018f3a52-0000-7000-8000-00000000000a", "survey": survey}
    address = f"{shop.url}/v1/public/responses?key={shop.public_key}"
    body |= {"answers": {"recommend": 3}, "complete": True, "channel": "widget"}
    keep = """([age, address, body]) => { localStorage["harken.waiting"] =
      `${Date.now() - age * 864e5} ${address} ${JSON.stringify(body)}` }"""

    await watched.page.evaluate(keep, [7.1, address, body])
    await host_page(on=watched)
    await watched.event("ready")
    await watched.page.wait_for_timeout(300)
    assert shop.responses(survey) == []
    await watched.page.evaluate(keep, [6.9, address, body])
    await host_page(on=watched)
    await watched.until(lambda: shop.responses(survey), "a response")

    assert shop.responses(survey)[0]["answers"] == {"recommend": 3}


async def test_leaving_the_page_stores_what_was_answered_as_partial(host_page, shop, publish):
    survey = publish(
        survey={
            "questions": [
                {"type": "nps", "key": "recommend", "text": "How likely?", "required": True},
                {"type": "short_text", "key": "why", "text": "Why?"},
            ]
        }
    )
    watched = await host_page()
    await choose(watched.page, 7)
    await watched.page.get_by_label("Why?").fill("Half a th")
    await can_send(watched)

    await watched.page.goto("about:blank")
    await watched.until(lambda: shop.responses(survey), "a partial response")

    [stored] = shop.responses(survey)
    assert stored["complete"] is False
    assert stored["answers"]["recommend"] == 7


async def test_a_second_tab_does_not_open_the_survey_that_is_open_in_the_first(host_page, publish):
    publish()
    first = await host_page()
    await first.event("shown")

    second = await another_tab(first)
    await host_page(on=second)
    suppressed = await second.event("suppressed")
    assert suppressed["reason"] == "open_elsewhere"
    assert "shown" not in second.names()
    await close(first.page)
    await first.event("dismissed")
    await first.page.wait_for_function("async () => !(await navigator.locks.query()).held.length")
    await host_page(on=second)

    await second.event("shown")

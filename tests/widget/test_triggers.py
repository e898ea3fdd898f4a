"""What opens a survey: address, click, time, scrolling, leaving, events, and code."""

from __future__ import annotations

from typing import Any

import pytest
from widget_steps import NO_SURVEY_S, close, reason_is, survey_on

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONG = "<div style='height:4000px'></div>"
PAGES: list[tuple[str, str, bool]] = [
    ("contains", "/shoes", True),
    ("contains", "?size=4", True),
    ("contains", "/boots", False),
    ("exact", "/shop/shoes/red?size=41", True),
    ("exact", "{site}/shop/shoes/red?size=41", True),
    ("exact", "/shop/shoes/red", False),
    ("prefix", "/shop/", True),
    ("prefix", "{site}/shop", True),
    ("prefix", "/shoes", False),
    ("glob", "/shop/*/red*", True),
    ("glob", "/shop/shoes/r?d?size=4?", True),
    ("glob", "{site}/*", True),
    ("glob", "/shop/*/blue", False),
    ("glob", "/shop/shoes", False),
]


async def stays_closed(watched: Any) -> None:
    """Nothing is shown for much longer than the openings here take."""
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)
    assert "shown" not in watched.names()
    assert await survey_on(watched.page).get_by_role("button", name="Send").count() == 0


async def test_addresses_are_matched_in_four_ways(host_page, host_site, publish):
    """All rules at once, each in a survey of its own; nothing opens, so each gives its reason."""
    said = {
        publish(pages=[{"match": match, "url": url.format(site=host_site.url)}], opens=[]): is_met
        for match, url, is_met in PAGES
    }
    watched = await host_page(path="/shop/shoes/red?size=41")
    await watched.event("ready")

    explained = await watched.page.evaluate("harken.explain()")
    found = {one["survey"]: one["reason"] != "wrong_page" for one in explained}

    rules = dict(zip(said, PAGES, strict=True))
    assert [rules[key] for key in said if found[key] != said[key]] == []


async def test_where_a_survey_never_is_wins(host_page, publish):
    survey = publish(
        pages=[{"match": "prefix", "url": "/"}],
        not_pages=[{"match": "contains", "url": "checkout"}],
    )

    watched = await host_page(path="/checkout/pay")

    await reason_is(watched, survey, "wrong_page")
    await stays_closed(watched)


async def test_a_click_on_what_a_selector_names_opens(host_page, publish):
    publish(opens=[{"on": "click", "selector": "[data-help], a.more"}])
    body = "<button data-help><b>Help</b></button><button>Other</button>"
    stop = "<script>addEventListener('click', event => event.stopPropagation(), true)</script>"
    watched = await host_page(body + stop)
    await watched.event("ready")
    await watched.page.get_by_role("button", name="Other").click()
    assert "shown" not in watched.names()

    await watched.page.get_by_text("Help").click()

    await watched.event("shown")


async def test_a_click_on_what_comes_later_opens_too(host_page, publish):
    publish(opens=[{"on": "click", "selector": "#late"}])
    watched = await host_page()
    await watched.event("ready")
    await watched.page.evaluate("document.body.append(Object.assign(new Image, {id: 'late'}))")

    await watched.page.evaluate("document.querySelector('#late').click()")

    await watched.event("shown")


async def test_time_counts_only_while_the_page_is_seen(host_page, publish):
    publish(opens=[{"on": "time", "seconds": 0.3}])
    hidden = """<script>let seen = "hidden"; Object.defineProperty(document, "visibilityState",
      {get: () => seen}); Object.defineProperty(document, "hidden", {get: () => seen === "hidden"});
      const look = () => { seen = "visible"; document.dispatchEvent(new Event("visibilitychange")) }
    </script>"""
    watched = await host_page(head=hidden)
    await watched.event("ready")
    await stays_closed(watched)

    await watched.page.evaluate("look()")

    await watched.event("shown")


async def test_scrolling_so_far_opens(host_page, publish):
    publish(opens=[{"on": "scroll", "percent": 37}])
    watched = await host_page(LONG)
    await watched.event("ready")
    reach = "share => scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * share)"

    await watched.page.evaluate(reach, 0.3)
    await watched.page.wait_for_timeout(200)
    assert "shown" not in watched.names()
    await watched.page.evaluate(reach, 0.4)

    await watched.event("shown")


async def test_a_page_without_scroll_bar_counts_as_read(host_page, publish):
    publish(opens=[{"on": "scroll", "percent": 90}])

    watched = await host_page()

    await watched.event("shown")


async def test_the_pointer_leaving_by_the_top_opens(host_page, publish):
    publish(opens=[{"on": "exit"}])
    watched = await host_page(LONG)
    await watched.event("ready")
    await watched.page.mouse.move(400, 300)
    leave = """([x, y]) => document.documentElement.dispatchEvent(new MouseEvent("mouseout",
      {clientX: x, clientY: y, relatedTarget: null, bubbles: true})) &&
      document.documentElement.dispatchEvent(new MouseEvent("mouseleave",
      {clientX: x, clientY: y, relatedTarget: null}))"""
    await watched.page.evaluate(leave, [-2, 300])
    await watched.page.wait_for_timeout(200)
    assert "shown" not in watched.names(), "the side is not the top"

    await watched.page.evaluate(leave, [400, -3])

    await watched.event("shown")


async def test_a_quick_scroll_back_to_the_top_is_leaving_on_touch(host_page, publish):
    publish(opens=[{"on": "exit"}])
    phone = {"width": 390, "height": 400, "has_touch": True, "is_mobile": True}
    watched = await host_page(LONG, browser=phone)
    await watched.event("ready")
    session = await watched.page.context.new_cdp_session(watched.page)

    async def flick(*heights: int) -> None:
        for kind, height in zip(("touchStart", "touchMove", "touchMove"), heights, strict=True):
            points = [{"x": 195, "y": height}]
            await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    await flick(380, 200, 20)
    await watched.page.evaluate("scrollTo(0, 700)")
    await watched.page.wait_for_timeout(100)
    assert "shown" not in watched.names(), "reading on is not leaving"
    await flick(20, 200, 380)
    await flick(20, 200, 380)

    await watched.event("shown")


WHERE = [
    {"property": "total", "op": "at_least", "value": 50},
    {"property": "plan", "value": "pro"},
    {"property": "coupon", "op": "not_equals", "value": "STAFF"},
    {"property": "path", "op": "contains", "value": "gift"},
]
BOUGHT = {"total": 50, "plan": "pro", "coupon": "SPRING", "path": "/gifts/7"}


async def test_an_event_opens_when_all_its_rules_hold(host_page, publish):
    publish(opens=[{"on": "event", "name": "bought", "where": WHERE}])
    watched = await host_page()
    await watched.event("ready")
    wrong: list[dict[str, Any]] = [
        {**BOUGHT, "total": 49.9},
        {**BOUGHT, "plan": "free"},
        {**BOUGHT, "coupon": "STAFF"},
        {**BOUGHT, "path": "/shoes"},
        {name: value for name, value in BOUGHT.items() if name != "coupon"},
        {},
    ]
    for properties in wrong:
        await watched.page.evaluate("it => harken.track('bought', it)", properties)
    await watched.page.evaluate(
        "it => { harken.track('seen', it); harken.track('bought') }", BOUGHT
    )
    await stays_closed(watched)

    await watched.page.evaluate("it => harken.track('bought', it)", BOUGHT)

    await watched.event("shown")


async def test_all_openings_must_have_happened_when_all_are_needed(host_page, publish):
    survey = publish(
        opens=[{"on": "event", "name": "bought"}, {"on": "time", "seconds": 0.1}], needs="all"
    )
    watched = await host_page()
    await watched.event("ready")
    await stays_closed(watched)
    await reason_is(watched, survey, "waiting")

    await watched.page.evaluate("harken.track('bought')")

    await watched.event("shown")


async def test_code_opens_at_once_and_over_the_rules_unless_told_otherwise(host_page, publish):
    survey = publish(
        opens=[], pages=[{"match": "exact", "url": "/never"}], sample_rate=0, devices=["phone"]
    )
    watched = await host_page()
    await watched.event("ready")

    await watched.page.evaluate("key => harken.show(key, {force: false})", survey)
    await watched.event("suppressed")
    assert "shown" not in watched.names()
    await watched.page.evaluate("key => harken.show(key)", survey)
    await watched.event("shown")

    await watched.page.evaluate("harken.close()")
    await watched.event("dismissed")
    assert await survey_on(watched.page).count() == 0


async def test_one_survey_at_a_time(host_page, publish):
    first = publish()
    second = publish(opens=[{"on": "event", "name": "bought"}])
    watched = await host_page()
    assert (await watched.event("shown"))["survey"] == first

    await watched.page.evaluate("harken.track('bought')")
    await reason_is(watched, second, "another_open")
    assert await survey_on(watched.page).count() == 1
    await close(watched.page)
    await watched.event("dismissed")
    await watched.page.evaluate("harken.track('bought')")

    assert (await watched.event("shown", 2))["survey"] == second


MODALS = {
    "dialog": "<dialog id=own>Sign in</dialog><script>own.showModal()</script>",
    "aria": '<div role="dialog" aria-modal="true">Sign in</div>',
}


@pytest.mark.parametrize("kind", MODALS)
async def test_never_over_a_modal_of_the_site(host_page, publish, kind):
    survey = publish()

    watched = await host_page(MODALS[kind])

    await reason_is(watched, survey, "host_modal")
    await stays_closed(watched)
    await watched.page.evaluate("document.querySelector('dialog, [role=dialog]').remove()")
    await watched.page.evaluate("harken.page()")
    await watched.event("shown")


async def test_devices_and_locales_are_told_apart(host_page, publish):
    phones = publish(devices=["phone"], opens=[])
    german = publish(locales=["de"], opens=[])
    english = publish(locales=["en"], opens=[])

    watched = await host_page(html='lang="en-GB"')
    await reason_is(watched, phones, "wrong_device")
    await reason_is(watched, german, "wrong_locale")
    await reason_is(watched, english, "waiting")
    await host_page(html='lang="de-AT"', on=watched)
    await reason_is(watched, english, "wrong_locale")
    await watched.page.set_viewport_size({"width": 400, "height": 800})
    await host_page(on=watched)
    await reason_is(watched, phones, "waiting")

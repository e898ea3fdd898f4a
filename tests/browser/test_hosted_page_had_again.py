"""Without script: the first page had again by Back and reload stays one response, in both browsers.

What stands in the address bar meanwhile opens a fresh survey for whoever is given it.
"""

from __future__ import annotations

import pytest
from form_states import FILL, STATE
from pages import press
from playwright.async_api import expect
from tiers import first_of, pairwise

pytestmark = pytest.mark.browser

ASYNC = pytest.mark.asyncio(loop_scope="session")
HAD_AGAIN = pytest.mark.parametrize(
    *pairwise(
        way=["back", "back, reload", "reload", "reload, back", "back, reload, reload"],
        query=["", "?lang=en&utm_source=a%22b", "?go"],
    )
)
PRESS = "document.querySelector(arguments[0]).click(); return true"
SHOWS = "return document.readyState == 'complete' && document.body.innerText.includes(arguments[0])"
FORM = "return document.forms[0].elements.r.value"
HERE = "return location.href"
FIRST, SECOND, NINE = "How likely", "What is the main reason", "label:has([value='9'])"


@ASYNC
@HAD_AGAIN
@pytest.mark.few(3)
async def test_chromium_goes_on_with_the_response(open_page, publish, live_server, way, query):
    key, address = publish("one_by_one")
    page = (await open_page(java_script_enabled=False)).page
    await page.goto(address + query)
    for step in way.split(", "):
        if step == "back" and await page.get_by_text(FIRST).count():
            await page.locator(NINE).click()
            await press(page.get_by_role("button", name="Next"))
            await page.get_by_label(SECOND).fill("Half a thought")
        await (page.go_back() if step == "back" else page.reload())
        await expect(page.get_by_text(FIRST)).to_be_visible()
    await page.locator(NINE).click()
    await press(page.get_by_role("button", name="Next"))
    await page.get_by_label(SECOND).fill("A whole thought")
    await press(page.get_by_role("button", name="Next"))
    await expect(page.get_by_text("What did you like?")).to_be_visible()

    [stored] = live_server.responses(key)
    assert stored["answers"] == {"recommend": 9, "why": "A whole thought"}


@HAD_AGAIN
@pytest.mark.few(1)
def test_firefox_goes_on_with_the_response(firefox, publish, live_server, way, query):
    key, address = publish("one_by_one")
    firefox.allow_script(False)
    firefox.open(address + query)
    for step in way.split(", "):
        if step == "back":
            firefox.run(FILL, {"a_recommend": "9"})
            firefox.run(PRESS, "button.go")
            firefox.until(SHOWS, SECOND)
            firefox.run(FILL, {"a_why": "Half a thought"})
            firefox.back()
        else:
            firefox.reload()
        firefox.until(SHOWS, FIRST)
    firefox.run(FILL, {"a_recommend": "9"})
    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, SECOND)
    firefox.run(FILL, {"a_why": "A whole thought"})
    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, "What did you like?")

    [stored] = live_server.responses(key)
    assert stored["answers"] == {"recommend": 9, "why": "A whole thought"}


@ASYNC
@pytest.mark.parametrize("pages_sent", first_of((0, 4, 1, 2, 3), 2))
async def test_chromium_shows_an_address_that_anybody_may_be_given(open_page, publish, pages_sent):
    _, address = publish("one_by_one")
    page = (await open_page(java_script_enabled=False)).page
    await page.goto(address)
    own = await page.locator("[name=r]").get_attribute("value")
    for number in range(pages_sent):
        if number == 0:
            await page.locator(NINE).click()
        await press(page.locator("button.go"))

    for options in ({}, {"java_script_enabled": False}):
        other = (await open_page(**options)).page
        await other.goto(page.url)
        await expect(other.get_by_text(FIRST)).to_be_visible()
        await expect(other.locator("input:checked")).to_have_count(0)
        assert await other.locator("[name=r]").get_attribute("value") != own
    beside = await page.context.new_page()
    await beside.goto(page.url)
    assert await beside.locator("[name=r]").get_attribute("value") != own


def test_firefox_shows_an_address_that_begins_anew_for_the_next_person(firefox, publish):
    _, address = publish("one_by_one")
    firefox.allow_script(False)
    for _ in range(2):
        firefox.open(address)
        own = firefox.run(FORM)
        firefox.run(FILL, {"a_recommend": "9"})
        firefox.run(PRESS, "button.go")
        firefox.until(SHOWS, SECOND)
        for again in (firefox.run(HERE), address):
            firefox.open(again)
            assert firefox.run(STATE) == {}
            assert firefox.run(FORM) != own
        firefox.replace_tab()


@ASYNC
@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
async def test_after_the_thank_you_a_reload_of_the_first_page_begins_anew(
    open_page, publish, live_server, has_script
):
    question = {"type": "csat", "key": "s", "text": "How was it?", "required": True}
    key, address = publish("every_type", questions=[question])
    page = (await open_page(java_script_enabled=has_script)).page
    await page.goto(address)
    for value in (2, 5):
        await page.locator(f"label:has([value='{value}'])").click()
        await press(page.locator("button.go"))
        await expect(page.locator("form")).to_have_count(0)
        await page.go_back()
        await page.reload()

    answers = [stored["answers"] for stored in live_server.responses(key)]
    assert sorted(answers, key=str) == [{"s": 2}, {"s": 5}]

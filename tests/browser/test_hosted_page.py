"""The hosted page in a real browser: keyboard, no script, script, nothing lost."""

from __future__ import annotations

import pytest
from pages import next_page, press
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def answer_one_by_one(page) -> None:
    """Answers all pages with the keyboard alone."""
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    for _ in range(8):
        await page.keyboard.press("ArrowRight")
    assert await page.locator("input:checked").get_attribute("value") == "8"
    assert await page.get_by_text("How likely").count() == 1, "arrows never send the page"
    await page.keyboard.press("Tab")
    async with next_page(page):
        await page.keyboard.press("Enter")
    await page.get_by_label("What is the main reason").wait_for()
    await page.keyboard.press("Tab")
    await page.keyboard.type("Good coffee")
    await page.keyboard.press("Tab")
    async with next_page(page):
        await page.keyboard.press("Enter")
    await page.get_by_text("What did you like?").wait_for()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    async with next_page(page):
        await page.keyboard.press("Enter")
    await page.get_by_text("What matters most").wait_for()
    for letter in "tsp":
        await page.keyboard.press("Tab")
        await page.keyboard.type(letter)
    await page.keyboard.press("Tab")
    async with next_page(page):
        await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Thank you").wait_for()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
async def test_a_survey_is_answered_with_the_keyboard_alone(
    open_page, publish, live_server, has_script
):
    key, address = publish("one_by_one")
    watched = await open_page(java_script_enabled=has_script)

    await watched.page.goto(address)
    await answer_one_by_one(watched.page)

    [stored] = live_server.responses(key)
    assert stored["complete"] is True
    assert stored["answers"] == {
        "recommend": 8,
        "why": "Good coffee",
        "liked": ["taste", "speed"],
        "rank": ["taste", "speed", "price"],
    }
    assert watched.complaints == []


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
async def test_back_and_reload_keep_every_answer(open_page, publish, live_server, has_script):
    key, address = publish("one_by_one")
    page = (await open_page(java_script_enabled=has_script)).page
    await page.goto(address)
    await page.get_by_role("radio", name="9", exact=True).check(force=True)
    await press(page.get_by_role("button", name="Next"))
    await page.get_by_label("What is the main reason").fill("Half a thought")

    await page.go_back()
    await expect(page.locator("input:checked")).to_have_value("9")
    await page.reload()
    if has_script:  # else the browser forgets what was chosen, though not whose page it is
        await expect(page.locator("input:checked")).to_have_value("9")
    assert page.url == address
    await page.get_by_role("radio", name="9", exact=True).check(force=True)
    await press(page.get_by_role("button", name="Next"))
    await page.get_by_label("What is the main reason").fill("A whole thought")
    await press(page.get_by_role("button", name="Back"))
    assert await page.locator("input:checked").get_attribute("value") == "9"
    await press(page.get_by_role("button", name="Next"))
    assert await page.get_by_label("What is the main reason").input_value() == "A whole thought"
    await press(page.get_by_role("button", name="Next"))
    await expect(page.get_by_text("What did you like?")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("What did you like?")).to_be_visible()

    [stored] = live_server.responses(key)
    assert stored["answers"] == {"recommend": 9, "why": "A whole thought"}


async def test_everything_is_answered_on_one_page_without_script(open_page, publish, live_server):
    key, address = publish("every_type")
    watched = await open_page(width=320, java_script_enabled=False)
    page = watched.page
    await page.goto(address)

    await page.locator("label:has([name=a_recommend][value='10'])").click()
    await page.locator("label:has([name=a_room][value='4'])").click()
    await page.locator("label:has([name=a_food][value='3'])").click()
    await page.locator("label:has([name=a_again][value='2'])").click()
    assert not await page.locator("[name='a_why.other']").is_visible()
    await page.locator("label:has([name=a_why][value=other])").click()
    await page.locator("[name='a_why.other']").fill("A wedding")
    await page.locator("label:has([name=a_used][value=spa])").click()
    await page.locator("label:has([name='a_staff.desk'][value=good])").click()
    await page.locator("[name='a_rank.1']").select_option("quiet")
    await page.locator("[name='a_rank.2']").select_option("place")
    await page.locator("[name='a_rank.3']").select_option("price")
    await page.locator("[name=a_comment]").fill("Ligne un\nLigne deux")
    await page.locator("[name=a_nights]").fill("3")
    await page.locator("[name=a_arrival]").fill("2026-11-02")
    await page.locator("[name=a_mail]").fill("ada@example.com")
    await page.locator("[name=a_phone]").fill("+47 22 12 34 56")
    await page.locator("label:has([name=a_ok])").click()
    await press(page.get_by_role("button", name="Send"))
    await page.get_by_role("heading", name="Thank you, that means a lot").wait_for()

    [stored] = live_server.responses(key)
    assert stored["complete"] is True
    assert stored["answers"] == {
        "recommend": 10, "room": 4, "food": 3, "again": 2, "why": {"other": "A wedding"},
        "used": ["spa"], "staff": {"desk": "good"}, "rank": ["quiet", "place", "price"],
        "comment": "Ligne un\nLigne deux", "nights": 3, "arrival": "2026-11-02",
        "mail": "ada@example.com", "phone": "+4722123456", "ok": True,
    }  # fmt: skip
    assert watched.complaints == []


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
async def test_errors_are_focused_linked_and_keep_what_was_typed(open_page, publish, has_script):
    _, address = publish("every_type")
    page = (await open_page(java_script_enabled=has_script)).page
    await page.goto(address)
    await page.locator("[name=a_mail]").fill("not an address")
    await press(page.get_by_role("button", name="Send"))

    await page.get_by_role("heading", name="Please check your answers").wait_for()
    assert await page.locator("#errors").evaluate("it => it === document.activeElement")
    assert await page.locator("[name=a_mail]").input_value() == "not an address"
    await page.get_by_role("link", name="Please enter an e-mail address").click()
    assert await page.locator("[name=a_mail]").evaluate("it => it === document.activeElement")
    assert await page.get_by_role("group", name="How likely").get_attribute("aria-describedby")

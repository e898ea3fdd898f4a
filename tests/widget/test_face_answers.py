"""The widget's face by the pointer: answering, going on and back, problems, and every ending."""

from __future__ import annotations

import pytest
from face_steps import NPS, QUESTIONS, focused, site, start, survey_of, told
from playwright.async_api import expect

__all__ = ["site"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BY_KEY = {question["key"]: question for question in QUESTIONS}
NAME = BY_KEY["name"]
NEXT = "Next"


async def press(page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


def point(page, value: object):
    return page.locator(f"harken-survey label:has([value='{value}'])")


async def test_a_press_on_a_rating_goes_on_but_never_sends(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(NPS, BY_KEY["food"]))

    await point(page, 9).click()
    await expect(page.get_by_text("Breakfast")).to_be_visible()
    await point(page, 4).click()
    await page.wait_for_timeout(600)
    assert site.sent == []
    await press(page, "Send")
    await page.get_by_role("heading", name="Thank you").wait_for()

    assert site.sent[-1]["answers"] == {"recommend": 9, "food": 4}


async def test_a_press_on_a_choice_of_ones_own_waits_for_the_words(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(BY_KEY["why"], NAME))
    own = page.get_by_role("textbox", name="In your own words")
    await expect(own).to_be_hidden()

    await page.get_by_text("Something else").click()
    await page.wait_for_timeout(500)
    await own.fill("A wedding")
    await press(page, NEXT)
    await press(page, "Back")

    await expect(own).to_have_value("A wedding")
    await point(page, "work").click()
    await expect(page.get_by_text("Please check this answer.")).to_be_visible()
    await expect(own).to_be_focused()
    await own.fill("")
    await press(page, NEXT)
    await expect(page.get_by_label("Your first name")).to_be_visible()


async def test_going_back_shows_every_answer_again(open_page, site):
    page = (await open_page()).page
    keys = ["recommend", "used", "staff", "rank", "comment", "ok"]
    await start(page, site.url, survey_of(*(BY_KEY[key] for key in keys)))
    await point(page, 7).click()
    await page.get_by_text("Spa").click()
    await page.get_by_text("Gym").click()
    await press(page, NEXT)
    await page.get_by_text("Fair").first.click()
    await page.get_by_text("Good").last.click()
    await press(page, NEXT)
    for name in ("Price", "Quiet", "Location"):
        await page.get_by_text(name, exact=True).click()
    await press(page, NEXT)
    await page.get_by_label("Anything").fill("Lovely")
    await press(page, NEXT)
    await page.get_by_text("Yes, you may").click()

    checked = page.locator("harken-survey :checked")
    await expect(page.get_by_role("checkbox")).to_be_checked()
    await press(page, "Back")
    await expect(page.get_by_label("Anything")).to_have_value("Lovely")
    await press(page, "Back")
    for name in ("Quiet Place 2", "Price Place 1", "Location Place 3"):
        await expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    await press(page, "Back")
    assert await checked.evaluate_all("all => all.map(i => i.value)") == ["fair", "good"]
    await press(page, "Back")
    assert await checked.evaluate_all("all => all.map(i => i.value)") == ["spa", "gym"]
    await press(page, "Back")
    assert await checked.get_attribute("value") == "7"
    assert await page.get_by_role("button", name="Back").count() == 0


async def test_problems_are_told_at_the_question_and_go_with_the_answer(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(NPS, {**BY_KEY["mail"], "required": True}))
    await press(page, NEXT)

    group = page.get_by_role("radiogroup")
    assert await group.get_attribute("aria-invalid") == "true"
    described = await group.get_attribute("aria-describedby")
    await expect(page.locator(f"harken-survey #{described}")).to_have_text(
        "Please answer this question."
    )
    assert await focused(page) == "0"
    await page.keyboard.press("Space")
    assert await group.get_attribute("aria-invalid") is None
    await expect(page.get_by_text("Please answer")).to_have_count(0)
    await press(page, NEXT)
    field = page.get_by_role("textbox")
    await field.fill("ada@")
    await press(page, "Send")

    assert await field.get_attribute("aria-invalid") == "true"
    assert "e-mail" in (await page.locator("harken-survey strong").text_content() or "")
    assert await focused(page) == "ada@"
    assert site.sent == []


async def test_none_of_these_and_the_others_take_each_other_back(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(BY_KEY["used"]))

    await page.get_by_text("Spa").click()
    await page.get_by_text("Gym").click()
    await page.get_by_text("None of these").click()
    assert await page.locator("harken-survey :checked").count() == 1
    await page.get_by_text("Gym").click()
    await press(page, "Send")
    await page.get_by_role("heading", name="Thank you").wait_for()

    assert site.sent[-1]["answers"] == {"used": ["gym"]}


async def test_ranking_tells_each_place_and_keeps_to_the_limit(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(BY_KEY["top"]))

    def ranked(name: str):
        return page.get_by_role("checkbox", name=name)

    await expect(page.get_by_text("Choose your top 2, the best first")).to_be_visible()
    for name in ("CCC", "AAA", "BBB"):
        await ranked(name).click()
    await expect(ranked("BBB Place 3")).to_be_checked()
    await press(page, "Send")
    await expect(page.get_by_text("Please choose no more than 2.")).to_be_visible()
    await ranked("CCC Place 1").click()
    await expect(ranked("AAA Place 1")).to_be_checked()
    await press(page, "Send")
    await page.get_by_role("heading", name="Thank you").wait_for()

    assert site.sent[-1]["answers"] == {"top": ["a", "b"]}


async def test_a_long_text_tells_its_limit_and_counts_characters_as_people_see_them(
    open_page, site
):
    page = (await open_page()).page
    await start(page, site.url, survey_of({**BY_KEY["comment"], "max_chars": 10}))
    field = page.get_by_role("textbox")
    await expect(page.get_by_text("Up to 10 characters")).to_be_visible()

    await field.fill("far too long a text")
    await press(page, "Send")
    await expect(page.get_by_text("no more than 10")).to_be_visible()
    await field.fill("👍" * 10)
    await press(page, "Send")
    await page.get_by_role("heading", name="Thank you").wait_for()

    assert site.sent[-1]["answers"] == {"comment": "👍" * 10}


@pytest.mark.parametrize(
    ("typed", "answer"), [("1 234", 1234), ("12,5", 12.5), ("\u22124", -4), (".5", 0.5)]
)
async def test_numbers_are_read_as_people_type_them(open_page, site, typed, answer):
    page = (await open_page()).page
    await start(page, site.url, survey_of({"type": "number", "key": "many", "text": "How many?"}))

    await page.get_by_role("textbox").fill(typed)
    await press(page, "Send")
    await page.get_by_role("heading", name="Thank you").wait_for()

    assert site.sent[-1]["answers"] == {"many": answer}


@pytest.mark.parametrize("typed", ["a few", "1,00.000", "0x10", "1e3"])
async def test_what_is_no_number_is_not_taken_for_one(open_page, site, typed):
    page = (await open_page()).page
    await start(page, site.url, survey_of({"type": "number", "key": "many", "text": "How many?"}))

    await page.get_by_role("textbox").fill(typed)
    await press(page, "Send")

    await expect(page.get_by_text("Please enter a number.")).to_be_visible()


async def test_the_last_button_follows_the_answers(open_page, site):
    page = (await open_page()).page
    more = {**NAME, "show_if": {"op": "at_most", "answer": "recommend", "value": 6}}
    await start(page, site.url, survey_of(NPS, more))

    await page.get_by_role("radio", name="9", exact=True).press("Space")
    await expect(page.get_by_role("button", name="Send")).to_be_visible()
    await page.get_by_role("radio", name="3", exact=True).press("Space")

    await expect(page.get_by_role("button", name=NEXT)).to_be_visible()


async def test_thanks_come_with_a_link_and_nothing_moves_meanwhile(open_page, site, screenshot):
    site.delay_s = 0.8
    page = (await open_page(width=390, height=700)).page
    await start(page, site.url, survey_of(BY_KEY["comment"]))
    await press(page, "Send")
    await expect(page.get_by_role("button", name="Sending…")).to_be_visible()

    link = page.get_by_role("link", name="Back to Fjord & Fell")
    await expect(link).to_have_attribute("href", "https://example.com/")
    await expect(link).to_have_attribute("target", "_blank")
    await page.wait_for_timeout(100)
    await screenshot(page, "widget-thanks")
    assert await told(page, "shift") == []
    assert (await focused(page)).startswith("Thank you, that means a lot")


async def test_opening_in_every_mode_moves_nothing_on_the_page(open_page, site):
    page = (await open_page()).page
    await page.goto(site.url)
    await page.add_style_tag(content="body{display:flex;flex-direction:column;gap:40px}")
    await page.wait_for_timeout(600)
    before = await page.locator("#below").bounding_box()
    shifts = await told(page, "shift")
    for mode in ("popover", "modal", "sheet", "slide_in", "tab"):
        await start(page, site.url, survey_of(NPS), mode=mode)
        await page.wait_for_timeout(150)
        assert await page.locator("#below").bounding_box() == before
        await page.evaluate("harkenTest.close()")

    assert await told(page, "shift") == shifts


async def test_without_a_network_the_person_is_told_the_truth(open_page, site, screenshot):
    page = (await open_page(width=390, height=700)).page
    await start(page, site.url, survey_of(NPS))
    await page.route("**/v1/**", lambda route: route.abort())
    await point(page, 9).click()
    await press(page, "Send")

    await page.get_by_role("heading", name="Saved on this device").wait_for()
    await expect(page.get_by_text("as soon as there is a connection")).to_be_visible()
    await screenshot(page, "widget-waiting")


async def test_when_nothing_can_be_kept_it_can_be_tried_again(open_page, site, screenshot):
    page = (await open_page(width=390, height=700)).page
    await page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    await start(page, site.url, survey_of(NPS))
    site.reply = (503, {"code": "unavailable"})
    await point(page, 9).click()
    await press(page, "Send")
    await expect(page.get_by_text("could not save your answers")).to_be_visible()
    await screenshot(page, "widget-failed")

    site.reply = (201, {})
    await press(page, "Try again")
    await page.get_by_role("heading", name="Thank you").wait_for()

    assert site.sent[0]["id"] == site.sent[-1]["id"]
    assert site.sent[-1]["answers"] == {"recommend": 9}


async def test_a_refusal_is_told_in_a_sentence(open_page, site, screenshot):
    page = (await open_page(width=390, height=700)).page
    await start(page, site.url, survey_of(NPS))
    site.reply = (410, {"code": "survey_closed"})
    await point(page, 9).click()
    await press(page, "Send")

    await expect(page.get_by_text("no longer collecting answers")).to_be_visible()
    await screenshot(page, "widget-refused")


async def test_presets_are_shown_as_chosen_and_not_sent(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(NPS, NAME), answers={"recommend": 6})

    assert await page.locator("input:checked").get_attribute("value") == "6"
    assert site.sent == []

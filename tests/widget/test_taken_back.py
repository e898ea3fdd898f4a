"""What may be left out can be taken back; what must not be is named where it is missing."""

from __future__ import annotations

import pytest
from face_steps import QUESTIONS, site, start, survey_of
from playwright.async_api import expect
from tiers import pairwise

__all__ = ["site"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RADIOS = {
    "nps": {"type": "nps", "key": "q", "text": "Q"},
    "csat": {"type": "csat", "key": "q", "text": "Q"},
    "ces": {"type": "ces", "key": "q", "text": "Q"},
    "stars": {"type": "rating", "key": "q", "text": "Q", "style": "star"},
    "choice": {
        "type": "single_choice", "key": "q", "text": "Q", "other": "Else",
        "choices": [{"value": v, "label": v.upper()} for v in ("ann", "bob")],
    },
}  # fmt: skip
MATRIX = {
    "type": "matrix", "key": "q", "text": "Q",
    "rows": [{"value": v, "label": v.upper()} for v in ("desk", "room")],
    "columns": [{"value": v, "label": v.title()} for v in ("bad", "good")],
}  # fmt: skip
RANKING = {
    "type": "ranking", "key": "q", "text": "Q",
    "choices": [{"value": v, "label": v.upper()} for v in ("ann", "bob", "cid")],
}  # fmt: skip
WAYS = ["mouse", "touch", "keyboard"]


async def again(page, radio, way: str) -> None:
    """Press what is chosen once more."""
    label = radio.locator("xpath=..")
    if way == "keyboard":
        await radio.focus()
        await page.keyboard.press("Space")
    elif way == "touch":
        await label.tap()
    else:
        await label.click()


@pytest.mark.parametrize(*pairwise(kind=list(RADIOS), way=WAYS))
@pytest.mark.few(2)
async def test_a_choice_is_taken_back_and_no_answer(open_page, site, kind, way):
    page = (await open_page(has_touch=True)).page
    await start(page, site.url, survey_of(RADIOS[kind]))
    radio = page.get_by_role("radio").nth(1)
    await again(page, radio, way)
    await expect(radio).to_be_checked()

    await again(page, radio, way)

    await expect(radio).not_to_be_checked()
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.get_by_role("heading", name="Thank you").wait_for()
    assert site.sent[-1]["answers"] == {}


@pytest.mark.parametrize("way", WAYS)
async def test_a_row_is_taken_back_and_the_other_stays(open_page, site, way):
    page = (await open_page(has_touch=True)).page
    await start(page, site.url, survey_of(MATRIX))
    first, second = page.get_by_role("radio").nth(0), page.get_by_role("radio").nth(3)
    await again(page, first, way)
    await again(page, second, way)

    await again(page, first, way)

    await expect(first).not_to_be_checked()
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.get_by_role("heading", name="Thank you").wait_for()
    assert site.sent[-1]["answers"] == {"q": {"room": "good"}}


@pytest.mark.parametrize("way", WAYS)
async def test_a_rank_is_taken_back(open_page, site, way):
    page = (await open_page(has_touch=True)).page
    await start(page, site.url, survey_of(RANKING))
    box = page.get_by_role("checkbox").first
    await again(page, box, way)

    await again(page, box, way)

    await page.get_by_role("button", name="Send", exact=True).click()
    await page.get_by_role("heading", name="Thank you").wait_for()
    assert site.sent[-1]["answers"] == {}


async def test_what_must_be_answered_is_not_taken_back(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of({**RADIOS["csat"], "required": True}))
    radio = page.get_by_role("radio").nth(1)
    await again(page, radio, "mouse")

    await again(page, radio, "mouse")

    await expect(radio).to_be_checked()


async def test_a_double_click_chooses(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(RADIOS["csat"]))
    radio = page.get_by_role("radio").nth(1)

    await radio.locator("xpath=..").dblclick()

    await expect(radio).to_be_checked()


async def test_the_row_that_is_left_out_is_named_and_gone_to(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of({**MATRIX, "required": True}))
    await page.get_by_role("radio").nth(0).check(force=True)

    await page.get_by_role("button", name="Send", exact=True).click()

    row = page.get_by_role("radiogroup", name="ROOM")
    await expect(row).to_have_attribute("aria-invalid", "true")
    await expect(row).to_contain_text("ROOM: Please choose an answer in each row.")
    await expect(row.get_by_role("radio").first).to_be_focused()
    await expect(page.get_by_role("radiogroup", name="DESK")).not_to_have_attribute(
        "aria-invalid", "true"
    )
    await row.get_by_role("radio").first.check(force=True)
    await expect(row).not_to_have_attribute("aria-invalid", "true")


async def test_the_place_that_is_left_out_is_named(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of({**RANKING, "required": True}))
    await page.get_by_role("checkbox").nth(1).check()

    await page.get_by_role("button", name="Send", exact=True).click()

    await expect(page.get_by_text("Place 2: Please fill all 3 places.")).to_be_visible()
    await expect(page.get_by_role("checkbox").first).to_be_focused()


OWN = {
    "one": RADIOS["choice"],
    "several": {**RADIOS["choice"], "type": "multiple_choice"},
}


@pytest.mark.parametrize("kind", OWN)
async def test_words_beside_a_choice_are_asked_about_once_it_is_taken_back(open_page, site, kind):
    page = (await open_page()).page
    await start(page, site.url, survey_of(OWN[kind]))
    other = page.get_by_text("Else")
    await other.click()
    own = page.get_by_role("textbox")
    await own.fill("A wedding")

    await other.click()
    await expect(own).to_be_visible()
    await page.get_by_role("button", name="Send", exact=True).click()

    await expect(page.get_by_text("Please check this answer.")).to_be_visible()
    assert site.sent == []
    await own.fill("A wedding!")
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.get_by_role("heading", name="Thank you").wait_for()
    given = site.sent[-1]["answers"]["q"]
    assert given == ({"other": "A wedding!"} if kind == "one" else [{"other": "A wedding!"}])


ALL = [question for question in QUESTIONS if question["type"] != "statement"]


@pytest.mark.parametrize("question", ALL, ids=[question["key"] for question in ALL])
@pytest.mark.few(8)
async def test_what_must_be_answered_says_so_where_it_is(open_page, site, question):
    page = (await open_page()).page
    await start(page, site.url, survey_of({**question, "required": True}))

    await page.get_by_role("button", name="Send", exact=True).click()

    invalid = page.locator("harken-survey [aria-invalid=true]")
    await expect(invalid.first).to_be_visible()
    assert await page.evaluate(
        """() => { const {activeElement: at} = document.querySelector("harken-survey").shadowRoot;
          return !!at.closest("[aria-invalid=true]") }"""
    )
    assert site.sent == []

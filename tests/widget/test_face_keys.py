"""The widget's face by the keyboard: focus, Escape, and nothing that happens by itself."""

from __future__ import annotations

import pytest
from face_steps import EVERY_TYPE, NPS, QUESTIONS, focused, site, start, survey_of, told
from playwright.async_api import expect

__all__ = ["site"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SECOND = {"type": "short_text", "key": "name", "text": "Your first name"}
KEYS: list[tuple[str, list[str], object]] = [
    ("recommend", ["Tab", "Space", *["ArrowRight"] * 8], 8),
    ("room", ["Tab", "Space", "ArrowRight"], 2),
    ("easy", ["Tab", "Space", "ArrowLeft"], 7),
    ("food", ["Tab", "Space", "ArrowRight", "ArrowRight"], 3),
    ("pool", ["Tab", "ArrowRight"], 2),
    ("again", ["Tab", "Space", "ArrowRight"], 2),
    ("why", ["Tab", "Space", "ArrowUp", "Tab", "*A wedding"], {"other": "A wedding"}),
    ("used", ["Tab", "Tab", "Tab", "Space", "Shift+Tab", "Space"], ["gym"]),
    ("staff", ["Tab", "Space", "Tab", "Space", "ArrowRight"], {"desk": "poor", "clean": "fair"}),
    ("rank", ["Tab", "Tab", "Space", "Tab", "Space", "Shift+Tab", "Shift+Tab", "Space"],
     ["price", "place", "quiet"]),
    ("comment", ["Tab", "*One", "Enter", "*Two"], "One\nTwo"),
    ("nights", ["Tab", "*12"], 12),
    ("nickname", ["Tab", "*Ada"], "Ada"),
    ("arrival", ["Tab", "*11022026", "Tab"], "2026-11-02"),
    ("mail", ["Tab", "*ada@example.com"], "ada@example.com"),
    ("phone", ["Tab", "*+47 22 12 34 56"], "+4722123456"),
    ("ok", ["Tab", "Space"], True),
]  # fmt: skip
"""Question, keys to press (`*` before what is typed), and the answer they give."""


async def press_all(page, keys: list[str]) -> None:
    for key in keys:
        if key.startswith("*"):
            await page.keyboard.type(key[1:])
        else:
            await page.keyboard.press(key)


async def press_button(page, name: str) -> None:
    """Tab to a button and press it."""
    for _ in range(12):
        if await focused(page) == name:
            return await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name}, the focus is on {await focused(page)}")


async def test_every_question_type_is_answered_with_the_keyboard_alone(open_page, site):
    watched = await open_page(locale="en-US")
    page = watched.page
    await start(page, site.url, EVERY_TYPE, wanted=True)

    for key, keys, _ in KEYS:
        await expect(page.locator(f"harken-survey #{key}-")).to_have_count(1)
        await press_all(page, keys)
        await page.wait_for_timeout(20)
        assert await page.locator(f"harken-survey #{key}-").count() == 1, (
            "nothing goes on by itself"
        )
        await press_button(page, "Next")
    await press_button(page, "Send")
    await page.get_by_role("heading", name="Thank you, that means a lot").wait_for()
    await page.keyboard.press("Tab")
    assert await focused(page) == "Back to Fjord & Fell"

    assert site.sent[-1]["complete"] is True
    assert site.sent[-1]["answers"] == {key: answer for key, _, answer in KEYS}
    assert await told(page, "key") == [], "what is typed is no business of the host"
    assert watched.complaints == []


@pytest.mark.parametrize("key", ["recommend", "why", "used", "ok", "staff"])
@pytest.mark.few(2)
async def test_enter_and_arrows_on_choices_never_send(open_page, site, key):
    page = (await open_page()).page
    question = next(item for item in QUESTIONS if item["key"] == key)
    await start(page, site.url, survey_of(question), wanted=True)

    for press in ["Tab", "Space", "ArrowDown", "Enter", "ArrowDown", "Enter"]:
        await page.keyboard.press(press)
    await page.wait_for_timeout(600)

    assert await page.get_by_role("button", name="Send").count() == 1
    assert site.sent == []


async def test_enter_in_a_line_of_text_goes_on_as_in_every_form(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(SECOND, NPS), wanted=True)

    await press_all(page, ["Tab", "*Ada", "Enter"])

    await expect(page.get_by_text("How likely")).to_be_visible()


async def test_a_survey_that_opens_by_itself_takes_no_focus_and_escape_gives_it_back(
    open_page, site
):
    page = (await open_page()).page
    await page.goto(site.url)
    await page.locator("#help").focus()
    await start(page, site.url, survey_of(NPS))
    await page.wait_for_timeout(300)
    assert await focused(page) == "Help"

    await page.keyboard.press("Escape")
    assert await page.get_by_role("dialog").count() == 1, "Escape outside belongs to the page"
    await page.keyboard.press("Tab")
    assert await focused(page) == "Close", "the next thing after the page"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Escape")

    assert await page.get_by_role("dialog").count() == 0
    assert await focused(page) == "Help"
    assert [item[0] for item in await told(page, "dismissed")] == ["dismissed"]
    assert len(await told(page, "gone")) == 1


@pytest.mark.parametrize("mode", ["popover", "modal", "sheet", "slide_in"])
async def test_a_survey_that_was_asked_for_takes_the_focus_and_gives_it_back(open_page, site, mode):
    page = (await open_page()).page
    await page.goto(site.url)
    await page.locator("#buy").focus()
    await start(page, site.url, survey_of(NPS), mode=mode, wanted=True)

    assert "How likely" in await focused(page)
    await page.keyboard.press("Tab")
    assert await focused(page) == "0"
    await page.keyboard.press("Escape")

    assert await focused(page) == "Buy"
    assert await page.get_by_role("dialog").count() == 0


async def test_a_modal_survey_keeps_the_focus_and_leaves_by_escape_from_anywhere(open_page, site):
    page = (await open_page()).page
    await page.goto(site.url)
    await page.locator("#buy").focus()
    await start(page, site.url, survey_of(NPS), mode="modal")
    for _ in range(8):
        await page.keyboard.press("Tab")
        assert await focused(page) not in {"Buy", "Help"}

    await page.mouse.click(5, 5)
    assert await page.get_by_role("dialog").count() == 1, "a slip beside it loses nothing"
    await page.keyboard.press("Escape")

    assert await page.get_by_role("dialog").count() == 0
    assert await focused(page) == "Buy"


async def test_a_tab_opens_closes_and_opens_again_with_the_answers_kept(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(NPS), mode="tab")
    assert await page.get_by_role("dialog").count() == 0

    await page.locator("[part=tab]").focus()
    await page.keyboard.press("Enter")
    assert "How likely" in await focused(page)
    await press_all(page, ["Tab", "Space", "Escape"])

    assert await focused(page) == "Feedback"
    assert await page.get_by_role("dialog").count() == 0
    assert await told(page, "gone") == []
    await page.keyboard.press("Enter")
    assert await page.locator("input:checked").get_attribute("value") == "0"
    await press_button(page, "Send")
    await page.get_by_role("heading", name="Thank you").wait_for()
    await page.keyboard.press("Escape")
    await expect(page.locator("harken-survey")).to_have_count(0)


async def test_an_inline_survey_is_part_of_the_page(open_page, site):
    page = (await open_page()).page
    await page.goto(site.url)
    await page.locator("#help").focus()
    await start(page, site.url, survey_of(NPS, SECOND), mode="inline")
    assert await page.get_by_role("button", name="Close").count() == 0

    await page.keyboard.press("Tab")
    assert await focused(page) == "0"
    await page.keyboard.press("Escape")
    assert await page.get_by_role("region", name="How was your stay?").count() == 1
    await press_all(page, ["Space", "Tab", "Enter"])

    assert "first name" in await focused(page)


async def test_tab_goes_through_a_page_in_the_order_it_is_read(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(SECOND, QUESTIONS[6]), wanted=True)
    await press_all(page, ["Tab", "*Ada", "Enter"])
    assert "What brought you here?" in await focused(page)

    order = []
    for _ in range(4):
        await page.keyboard.press("Tab")
        order.append(await focused(page))
    for _ in range(4):
        await page.keyboard.press("Shift+Tab")

    assert order[:3] == ["work", "Back", "Send"]
    assert await focused(page) == "Close"

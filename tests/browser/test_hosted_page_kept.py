"""What is chosen and typed on a hosted page stays, and what is taken back is gone: in Chromium."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from form_states import EVERY_TYPE, FILL, STATE, as_function
from pages import press
from playwright.async_api import Page, expect
from tiers import pairwise

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCRIPTS = pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
OPTIONAL = {"room": 4, "easy": 6, "food": 3, "pool": 7, "again": 2, "why": "work"}
RADIOS = [*(f"[name=a_{key}][value='{value}']" for key, value in OPTIONAL.items()),
          "[name='a_staff.desk'][value=good]"]  # fmt: skip


@pytest.fixture
def opened(open_page, publish) -> Callable[..., Awaitable[tuple[Page, str]]]:
    """Publishes a survey and opens its page; gives that and the survey's key."""

    async def make(
        name: str = "every_type", *, has_script: bool = True, width: int = 1280,
        questions: list[Any] | None = None, **browser: Any,
    ) -> tuple[Page, str]:  # fmt: skip
        key, address = publish(name, **({"questions": questions} if questions else {}))
        page = (await open_page(width, java_script_enabled=has_script, **browser)).page
        await page.goto(address)
        return page, key

    return make


async def state_of(page: Page) -> dict[str, Any]:
    return await page.evaluate(as_function(STATE))


async def fill(page: Page, fields: dict[str, Any] = EVERY_TYPE) -> None:
    await page.evaluate(as_function(FILL), fields)


@pytest.mark.parametrize(*pairwise(radio=RADIOS, way=["mouse", "touch", "space"]))
@pytest.mark.few(3)
async def test_a_second_press_takes_an_optional_choice_back(opened, radio, way):
    page, _ = await opened(has_touch=way == "touch")
    chosen = page.locator(radio)

    for expected in (True, False, True):
        if way == "space":
            await chosen.focus()
            await page.keyboard.press("Space")
        elif way == "touch":
            await chosen.locator("xpath=..").tap()
        else:
            await chosen.locator("xpath=..").click()
        assert await chosen.is_checked() is expected


async def test_a_double_click_and_a_required_rating_stay_chosen(opened):
    page, _ = await opened()

    for radio in ("[name=a_room][value='4']", "[name=a_why][value=work]"):
        await page.locator(f"label:has({radio})").dblclick()
        await expect(page.locator(radio)).to_be_checked()
    for _ in range(2):
        await page.locator("label:has([name=a_recommend][value='3'])").click()
    await expect(page.locator("[name=a_recommend][value='3']")).to_be_checked()


@pytest.mark.parametrize(*pairwise(radio=RADIOS, has_script=[True, False]))
@pytest.mark.few(3)
async def test_a_button_takes_an_optional_choice_back(opened, live_server, radio, has_script):
    page, key = await opened(has_script=has_script)
    question = page.locator("fieldset.question").filter(has=page.locator(radio))
    button = question.get_by_role("button", name="Clear")
    assert await button.count() == 0, "there is nothing to take back yet"
    await page.locator("label:has([name=a_recommend][value='3'])").click()
    await page.locator("[name=a_nickname]").fill("Ada")
    await page.locator(f"label:has({radio})").click()

    await button.click()

    await expect(page.locator(radio)).not_to_be_checked()
    await expect(question.locator("input").first).to_be_focused()
    assert await page.locator("[name=a_nickname]").input_value() == "Ada"
    await press(page.get_by_role("button", name="Send"))
    [stored] = live_server.responses(key)
    assert stored["answers"] == {"recommend": 3, "nickname": "Ada", "ok": False}


@SCRIPTS
async def test_enter_in_a_line_sends_the_page_and_clears_nothing(opened, live_server, has_script):
    page, key = await opened(has_script=has_script)
    await page.locator("label:has([name=a_recommend][value='3'])").click()
    await page.locator("label:has([name=a_room][value='4'])").click()
    await page.locator("[name=a_nickname]").press("Enter")
    await page.get_by_role("heading", name="Thank you").wait_for()

    [stored] = live_server.responses(key)
    assert stored["answers"]["room"] == 4


async def test_everything_not_sent_yet_is_kept_in_the_tab_until_the_thank_you(open_page, publish):
    _, address = publish("every_type")
    watched = await open_page()
    page = watched.page
    await page.goto(address)
    await fill(page)
    filled = await state_of(page)
    assert filled.items() >= EVERY_TYPE.items()

    await page.reload()
    assert await state_of(page) == filled
    await press(page.get_by_role("button", name="العربية"))
    assert await page.locator("html").get_attribute("lang") == "ar"
    assert await state_of(page) == filled
    await page.locator("[name=a_nickname]").fill("Grace")
    await page.reload()
    assert await state_of(page) == filled | {"a_nickname": "Grace"}
    await page.go_back()
    assert await state_of(page) == filled | {"a_nickname": "Grace"}
    await page.go_forward()
    assert page.url == f"{address}?go"

    assert await page.evaluate("localStorage.length + document.cookie.length") == 0
    await fill(page, {"a_mail": "ada@example.com", "a_phone": "+47 22 12 34 56"})
    await press(page.locator("button.go"))
    await expect(page.locator("form")).to_have_count(0)
    assert page.url == f"{address}?go"
    assert "wedding" not in await page.evaluate("JSON.stringify(sessionStorage)")
    await page.goto(address)
    assert await state_of(page) == {}, "whoever opens the link next in this tab begins anew"
    assert watched.complaints == []


@SCRIPTS
async def test_back_shows_the_page_that_was_sent_and_sending_it_again_goes_on(
    opened, live_server, has_script
):
    page, key = await opened("one_by_one", has_script=has_script)
    address = page.url
    await page.locator("label:has([name=a_recommend][value='8'])").click()
    await press(page.get_by_role("button", name="Next"))
    await page.get_by_label("What is the main reason").fill("Good coffee")
    await press(page.get_by_role("button", name="Next"))
    await expect(page.get_by_text("What did you like?")).to_be_visible()

    await page.go_back()
    await expect(page.get_by_label("What is the main reason")).to_have_value("Good coffee")
    await page.go_back()
    await expect(page.locator("input:checked")).to_have_value("8")
    await page.go_forward()
    await page.go_forward()
    await expect(page.get_by_text("What did you like?")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("What did you like?")).to_be_visible()
    await page.go_back()
    await press(page.get_by_role("button", name="Next"))
    await page.locator("label:has([value=taste])").click()
    await press(page.get_by_role("button", name="Next"))
    await press(page.get_by_role("button", name="Send"))
    await page.get_by_role("heading", name="Thank you").wait_for()
    await page.reload()
    await page.get_by_role("heading", name="Thank you").wait_for()
    await page.go_back()
    await press(page.get_by_role("button", name="Send"))
    await page.get_by_role("heading", name="Thank you").wait_for()

    assert page.url == f"{address}?go"
    [stored] = live_server.responses(key)
    assert stored["answers"] == {"recommend": 8, "why": "Good coffee", "liked": ["taste"]}
    assert stored["complete"] is True


async def test_words_typed_without_the_tick_choose_other(opened):
    page, _ = await opened()
    await fill(page, {"a_why.other": "A wedding"})

    await expect(page.locator("[name=a_why][value=other]")).to_be_checked()


async def test_words_beside_another_choice_are_asked_about(opened, live_server):
    page, key = await opened(has_script=False)
    await page.locator("label:has([name=a_recommend][value='3'])").click()
    await page.locator("label:has([name=a_why][value=other])").click()
    await page.locator("[name='a_why.other']").fill("A wedding")
    await page.locator("label:has([name=a_why][value=work])").click()
    await press(page.get_by_role("button", name="Send"))
    await page.get_by_role("link", name="You chose an answer and also").click()
    await expect(page.locator("[name='a_why.other']")).to_be_focused()
    await press(page.get_by_role("button", name="Send"))

    [stored] = live_server.responses(key)
    assert stored["answers"]["why"] == {"other": "A wedding"}


async def test_words_for_other_come_back_when_it_is_chosen_again(opened):
    page, _ = await opened()
    own, other = page.locator("[name='a_why.other']"), page.locator("[name=a_why][value=other]")
    await page.locator("label:has([name=a_why][value=other])").click()
    await own.fill("A wedding")

    await page.locator("label:has([name=a_why][value=work])").click()
    assert await own.input_value() == ""
    await page.locator("label:has([name=a_why][value=other])").click()
    await expect(own).to_have_value("A wedding")
    await page.locator("label:has([name=a_why][value=other])").click()
    await expect(other).not_to_be_checked()
    assert (await state_of(page)) == {}


@SCRIPTS
async def test_what_is_left_out_is_named_and_led_to(opened, has_script):
    rows = [{"value": value, "label": value.title()} for value in ("desk", "room")]
    questions = [
        {"type": "matrix", "key": "m", "text": "Staff?", "required": True,
         "rows": rows, "columns": rows},
        {"type": "ranking", "key": "r", "text": "Best?", "choices": rows},
        {"type": "single_choice", "key": "c", "text": "Which?", "required": True,
         "choices": rows, "other": "Another"},
    ]  # fmt: skip
    page, _ = await opened(questions=questions, has_script=has_script)
    await page.locator("label:has([name='a_m.desk'][value=room])").click()
    await page.locator("[name='a_r.2']").select_option("desk")
    await page.locator("label:has([name=a_c][value=other])").click()
    await press(page.get_by_role("button", name="Send"))

    for said, field in {
        "“Room”": "a_m.room",
        "“Place 1”": "a_r.1",
        "“Another”": "a_c.other",
    }.items():
        link = page.locator("#errors a").filter(has_text=re.compile(said))
        await link.click()
        await expect(page.locator(f"[name='{field}']").first).to_be_focused()
    await expect(page.locator("[name='a_r.2']")).to_have_value("desk")
    await expect(page.locator("#errors a")).to_have_count(3)


@SCRIPTS
async def test_sending_nothing_is_asked_about_once(opened, live_server, has_script):
    question = {"type": "csat", "key": "s", "text": "How was it?"}
    page, key = await opened(questions=[question], has_script=has_script)
    await press(page.get_by_role("button", name="Send"))
    await expect(page.get_by_role("heading", name="Nothing is answered yet")).to_be_visible()
    await press(page.get_by_role("button", name="Send nevertheless"))
    await page.get_by_role("heading", name="Thank you").wait_for()

    assert live_server.responses(key) == []


@pytest.mark.parametrize("width", [320, 400, 640, 1280])
async def test_stars_and_long_scales_fit_with_text_twice_as_large(opened, width):
    page, _ = await opened(width=width, bypass_csp=True)
    await page.add_style_tag(content="html{font-size:200%}")

    sizes = "it => [it.scrollWidth - it.clientWidth, it.getBoundingClientRect().right]"
    for scale in await page.locator(".star .scale, .scale.long").all():
        overflow, right = await scale.evaluate(sizes)
        assert overflow <= 0
        assert right <= width

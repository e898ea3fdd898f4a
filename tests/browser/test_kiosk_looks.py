"""The kiosk is easy on eyes, fingers, keyboards and screen readers, on every size of tablet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from kiosk_steps import Shop, faces, open_kiosk
from playwright.async_api import Page
from tiers import first_of, pairwise
from watched import Watched

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SIZES = {"landscape": (1024, 768), "portrait": (768, 1024), "phone": (390, 844)}
NPS = {
    "questions": [
        {
            "type": "nps",
            "key": "recommend",
            "required": True,
            "text": "How likely are you to recommend Corner Bakery to a friend?",
        },
        {
            "type": "single_choice",
            "key": "best",
            "text": "What did you like best?",
            "choices": [
                {"value": "bread", "label": "The bread"},
                {"value": "people", "label": "The people"},
                {"value": "place", "label": "The place"},
            ],
        },
    ],
    "locales": [],
}
SCALE_PX = 44
"""Of a scale that has no room for larger points."""
SMALL_TARGETS = """() => {
  const inside = root => [...root.querySelectorAll("button,label.box,input.box")]
    .concat(...[...root.querySelectorAll("*")].filter(one => one.shadowRoot)
      .map(one => inside(one.shadowRoot)));
  return inside(document).filter(one => one.getClientRects()[0]).map(one => {
    const {width, height} = one.getBoundingClientRect();
    return [one.className + " " + one.textContent, Math.round(width), Math.round(height)];
  }).filter(([, width, height]) => width < 63.5 || height < 63.5);
}"""


@pytest.fixture
def kiosk(shop: Shop, open_page: Callable[..., Awaitable[Watched]]) -> Any:
    async def make(
        size: str | tuple[int, int] = "landscape", survey: dict[str, Any] | None = None,
        browser: dict[str, Any] | None = None, **settings: Any,
    ) -> Page:  # fmt: skip
        device = shop.device(survey, **{"full_screen": False, "idle_reset_s": 600, **settings})
        width, height = SIZES[size] if isinstance(size, str) else size
        watched = await open_page(width, height, **(browser or {}))
        await open_kiosk(watched, shop, device["pairing_code"])
        return watched.page

    return make


async def scrolls_sideways(page: Page) -> bool:
    return await page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(*pairwise(size=list(SIZES), scheme=["light", "dark"]))
@pytest.mark.few(1)
async def test_faces_are_large_named_and_in_reach(
    kiosk: Any, axe: Any, screenshot: Any, size: str, scheme: str
) -> None:
    page = await kiosk(size, browser={"color_scheme": scheme}, mode="smiley")

    assert await axe(page) == []
    assert await page.evaluate(SMALL_TARGETS) == []
    assert not await scrolls_sideways(page)
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert await faces(page).first.get_attribute("aria-label") == "1 of 5, Very dissatisfied"
    await screenshot(page, f"kiosk-smiley-{size}-{scheme}")


@pytest.mark.parametrize(*pairwise(size=list(SIZES), scheme=["light", "dark"]))
@pytest.mark.few(1)
async def test_a_survey_has_large_targets(
    kiosk: Any, axe: Any, screenshot: Any, size: str, scheme: str
) -> None:
    page = await kiosk(size, NPS, browser={"color_scheme": scheme})

    assert await axe(page) == []
    assert await page.evaluate(SMALL_TARGETS) == []
    assert not await scrolls_sideways(page)
    await screenshot(page, f"kiosk-nps-{size}-{scheme}")
    await page.get_by_role("radio").nth(9).check(force=True)
    await page.get_by_text("The bread").wait_for()
    await page.mouse.move(1, 1)
    assert await page.evaluate(SMALL_TARGETS) == []
    await screenshot(page, f"kiosk-choice-{size}-{scheme}")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_role("heading", name="Thank you").wait_for()
    await screenshot(page, f"kiosk-ended-{size}-{scheme}")


@pytest.mark.parametrize("width", first_of([320, 1280, 360, 390, 768], 1))
@pytest.mark.nightly
async def test_every_point_of_every_scale_is_large(kiosk: Any, width: int) -> None:
    scales = [
        NPS["questions"][0],
        *({"type": "ces", "key": f"ces_{variant[0]}", "text": "Easy?", "variant": variant}
          for variant in ("2.0", "1")),
        *({"type": "rating", "key": f"{style}_{high}", "text": "How was it?", "style": style,
           "low": 1, "high": high} for style in ("number", "star") for high in range(3, 12)),
    ]  # fmt: skip
    page = await kiosk((width, 900), {"questions": scales, "locales": []})

    for scale in scales:
        points = page.locator(f"input[name={scale['key']}]")
        await points.first.wait_for(state="attached")
        small = await page.evaluate(SMALL_TARGETS)
        assert [each for each in small if min(each[1:]) < SCALE_PX] == [], scale["key"]
        assert not await scrolls_sideways(page)
        await points.first.check(force=True)
        if scale is not scales[-1] and not await page.get_by_role("button", name="Send").count():
            await points.first.wait_for(state="detached")


@pytest.mark.parametrize("size", first_of(["phone", "landscape", "portrait"], 2))
@pytest.mark.few(1)
async def test_registering_thanks_and_closed_hours_read_well(
    kiosk: Any, shop: Shop, axe: Any, screenshot: Any, size: str,
    open_page: Callable[..., Awaitable[Watched]],
) -> None:  # fmt: skip
    new = (await open_page(*SIZES[size])).page
    await new.goto(f"{shop.url}/kiosk")
    await new.get_by_role("button", name="7").click()
    assert await axe(new) == []
    assert await new.evaluate(SMALL_TARGETS) == []
    await screenshot(new, f"kiosk-register-{size}")

    page = await kiosk(size, mode="smiley", follow_up=False, thanks_s=5, exit_pin="4821")
    await faces(page).nth(4).click()
    await page.locator(".thanks").wait_for()
    assert await axe(page) == []
    await screenshot(page, f"kiosk-thanks-{size}")
    await page.keyboard.press("Control+Shift+K")
    assert await axe(page) == []
    await screenshot(page, f"kiosk-pin-{size}")
    await page.get_by_label("PIN").fill("4821")
    await page.keyboard.press("Enter")
    await page.get_by_text("Waiting to be sent").wait_for()
    assert await axe(page) == []
    assert await page.evaluate(SMALL_TARGETS) == []
    await screenshot(page, f"kiosk-staff-{size}")
    shut = await kiosk(size, mode="smiley", opening_hours={"monday": []})
    await shut.get_by_role("heading", name="Closed just now").wait_for()
    assert await axe(shut) == []
    await screenshot(shut, f"kiosk-closed-{size}")


async def test_right_to_left_is_mirrored_and_said(kiosk: Any, axe: Any, screenshot: Any) -> None:
    page = await kiosk(mode="smiley")

    await page.get_by_role("button", name="العربية").click()

    await page.get_by_role("heading", name="كيف كانت زيارتك اليوم؟").wait_for()
    assert await page.evaluate("[document.dir, document.documentElement.lang]") == ["rtl", "ar"]
    first, last = [await faces(page).nth(place).bounding_box() for place in (0, 4)]
    assert first["x"] > last["x"]
    assert await axe(page) == []
    await screenshot(page, "kiosk-smiley-rtl")


async def test_a_face_is_chosen_by_keyboard(kiosk: Any, shop: Shop) -> None:
    page = await kiosk(mode="smiley", follow_up=False)

    await faces(page).nth(1).focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await page.get_by_role("status").get_by_text("Thank you").wait_for()


async def test_a_language_chosen_in_the_middle_keeps_the_answer(kiosk: Any) -> None:
    page = await kiosk()
    await page.get_by_role("radio").nth(2).check(force=True)

    await page.get_by_role("button", name="Deutsch").click()

    await page.get_by_label("Was könnte besser sein?").wait_for()


@pytest.mark.nightly
async def test_the_warning_can_be_reached_and_read(kiosk: Any, axe: Any, screenshot: Any) -> None:
    page = await kiosk(idle_reset_s=8)
    await page.get_by_role("radio").nth(2).check(force=True)

    await page.get_by_role("button", name="Start again").wait_for()

    assert await page.evaluate(SMALL_TARGETS) == []
    await screenshot(page, "kiosk-warning")
    await page.get_by_role("button", name="Start again").click()
    await page.get_by_role("radio", checked=False).first.wait_for()
    assert await page.get_by_role("radio", checked=True).count() == 0

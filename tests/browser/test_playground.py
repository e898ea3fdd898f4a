"""The playground in a real browser: with and without script, on phones, under its own policies."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from pages import next_page, press
from playwright.async_api import Page, expect
from tiers import pairwise

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TEXT = {"en": "Would you recommend us?", "ar": "هل توصي بنا؟"}
SURVEYS = [
    {
        "key": key,
        "title": {"en": title, "ar": "طلبك"},
        "locales": ["ar"],
        "questions": [{"type": "nps", "key": "recommend", "text": TEXT}],
        "widget": {"opens": [{"on": "event", "name": "order_placed"}]},
    }
    for key, title in (("order", "Your order"), ("visit", "Your visit"))
]


@pytest.fixture(scope="module")
def shop(live_server):
    """A workspace with two targeted surveys."""
    found = live_server.new_workspace()
    for survey in SURVEYS:
        found.push(survey)
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def playground(open_page, shop):
    async def go(query: str = "", **options):
        watched = await open_page(**options)
        await watched.page.goto(f"{shop.url}/widget/playground?key={shop.public_key}{query}")
        return watched

    return go


def preview(page: Page):
    return page.frame_locator("#preview")


async def test_a_survey_is_shown_in_the_shop_under_a_strict_policy(playground):
    watched = await playground()

    survey = preview(watched.page).locator("harken-survey")
    await expect(survey.get_by_text(TEXT["en"])).to_be_visible()
    await expect(watched.page.locator("#log")).to_contain_text("shown survey order")
    await expect(watched.page.locator("#reasons")).to_contain_text("visit")
    assert "violation" not in await watched.page.locator("#log").inner_text()
    assert watched.complaints == []


@pytest.mark.parametrize(*pairwise(scheme=["light", "dark"], width=[320, 768, 1280]))
@pytest.mark.few(1)
async def test_it_is_accessible_and_fits_every_width(playground, axe, screenshot, scheme, width):
    watched = await playground(width=width, color_scheme=scheme)
    page = watched.page
    await expect(preview(page).get_by_text(TEXT["en"])).to_be_visible()
    for summary in await page.locator("summary").all():
        if not await summary.evaluate("element => element.parentElement.open"):
            await summary.click()

    assert await page.evaluate("document.documentElement.scrollWidth") == width
    await screenshot(page, f"playground-{width}-{scheme}")
    assert await axe(page) == []


async def test_a_choice_changes_the_preview_the_snippet_and_the_address(playground):
    page = (await playground()).page
    await expect(preview(page).get_by_text(TEXT["en"])).to_be_visible()

    await page.get_by_label("Language").select_option("ar")
    await expect(preview(page).get_by_text(TEXT["ar"])).to_be_visible()
    await page.get_by_label("Mode").select_option("modal")
    await expect(page.locator("#code-tag")).to_contain_text('data-mode="modal"')

    chosen = parse_qs(urlsplit(page.url).query)
    assert (chosen["locale"], chosen["mode"]) == (["ar"], ["modal"])
    assert await page.locator("#preview").get_attribute("src") == (
        f"preview?{urlsplit(page.url).query}"
    )


async def test_the_device_gives_the_preview_its_width(playground):
    page = (await playground(width=900)).page

    for name, width in (("Phone", 390), ("Tablet", 768), ("Desktop", 1280)):
        await page.locator(".segmented label", has_text=name).click()
        await expect(page.locator("#preview")).to_have_attribute("width", str(width))
        await page.wait_for_function("width => frames[0]?.innerWidth === width", arg=width)
        assert await page.evaluate("document.documentElement.scrollWidth") == 900


async def test_triggers_can_be_tried(playground):
    page = (await playground("&waits=yes&survey=order")).page
    await expect(page.locator("#reasons")).to_contain_text("waiting")

    await page.get_by_role("button", name="Send event").click()

    await expect(preview(page).get_by_text(TEXT["en"])).to_be_visible()
    await expect(page.locator("#log")).to_contain_text("shown")


async def test_the_snippet_is_copied(playground, browser):
    watched = await playground(permissions=["clipboard-read", "clipboard-write"])
    page = watched.page
    code = await page.locator("#code-tag").inner_text()

    await page.get_by_role("button", name="Copy").first.click()

    await expect(page.locator("#said")).to_have_text("Copied.")
    assert await page.evaluate("navigator.clipboard.readText()") == code


async def test_without_script_the_form_and_the_snippets_still_work(playground):
    page = (await playground(java_script_enabled=False)).page

    await page.get_by_label("Mode").select_option("tab")
    await press(page.get_by_role("button", name="Show it"))

    await expect(page.locator("#code-tag")).to_contain_text('data-mode="tab"')
    assert "mode=tab" in str(await page.locator("#preview").get_attribute("src"))


async def test_a_wrong_key_is_told_and_can_be_corrected(playground, shop):
    page = (await playground("x")).page
    await expect(page.get_by_text("There is no such API key.")).to_be_visible()

    await page.get_by_label("Public key").fill(shop.public_key)
    async with next_page(page):
        await page.keyboard.press("Enter")

    await expect(preview(page).get_by_text(TEXT["en"])).to_be_visible()

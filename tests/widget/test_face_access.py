"""The widget's face for everyone: axe, target sizes, reflow, spacing, contrast modes, languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from face_steps import NPS, OVERFLOWING, PARTS, QUESTIONS, site, start, survey_of
from playwright.async_api import expect
from tiers import chosen, pairwise

__all__ = ["site"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WIDTHS = (320, 360, 768, 1280)
APPEARANCE = pairwise(
    width=chosen(WIDTHS, 320, 1280), scheme=("light", "dark"), locale=("en", "ar")
)
MODES = ("popover", "modal", "sheet", "slide_in", "tab")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SPACING = """() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(`* {line-height: 1.5
  !important; letter-spacing: .12em !important; word-spacing: .16em !important} p {margin-bottom:
  2em !important}`); for (const {shadowRoot} of document.querySelectorAll("harken-survey"))
  shadowRoot.adoptedStyleSheets.push(sheet); }"""


LARGER = """percent => { const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{font-size:${percent}%!important}`);
  for (const {shadowRoot} of document.querySelectorAll("harken-survey"))
    shadowRoot.adoptedStyleSheets.push(sheet); }"""
SCALES = {"nps", "csat", "ces", "rating"}


async def show_all(page: Any, url: str, locale: str, **ask: Any) -> None:
    """All questions at once, each in an inline survey of its own."""
    for question in QUESTIONS:
        survey = survey_of(question, title=question["key"])  # regions of a page have own names
        await start(page, url, survey, locale, mode="inline", **ask)


@pytest.mark.parametrize(*APPEARANCE)
@pytest.mark.few(2)
async def test_every_question_type_passes_axe_and_fits(
    open_page, site, axe, screenshot, width, scheme, locale
):
    watched = await open_page(width=width, height=900, color_scheme=scheme)
    page = watched.page
    await show_all(page, site.url, locale)

    violations = await axe(page)
    overflowing = await page.evaluate(OVERFLOWING)
    await screenshot(page, f"widget-types-{locale}-{width}-{scheme}")

    assert violations == []
    assert overflowing == []
    assert watched.complaints == []


@pytest.mark.parametrize(*APPEARANCE)
@pytest.mark.few(2)
async def test_every_mode_passes_axe_and_fits(
    open_page, site, axe, screenshot, width, scheme, locale
):
    watched = await open_page(width=width, height=700, color_scheme=scheme)
    page = watched.page
    for mode in MODES:
        await start(page, site.url, survey_of(NPS, QUESTIONS[3]), locale, mode=mode)
        await page.wait_for_timeout(20)
        if mode == "tab":
            assert await axe(page) == []
            await page.locator("[part=tab]").click()
        assert await axe(page) == [], mode
        assert await page.evaluate(OVERFLOWING) == [], mode
        box = await page.locator("harken-survey dialog").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 700
        await screenshot(page, f"widget-{mode}-{locale}-{width}-{scheme}")
        await page.evaluate("harkenTest.close()")


@pytest.mark.parametrize(*pairwise(width=WIDTHS, locale=("en", "ar")))
@pytest.mark.few(2)
async def test_targets_are_large_enough(open_page, site, width, locale):
    page = (await open_page(width=width)).page
    await show_all(page, site.url, locale)
    await start(page, site.url, survey_of(NPS), locale)

    parts = await page.evaluate(PARTS)

    assert len(parts) > 60
    assert [part for part in parts if part["width"] < 44] == []
    assert [part for part in parts if part["height"] < 44] == []
    assert [part for part in parts if part["left"] < 0 or part["right"] > width] == []


POINTS = [
    {
        "type": "rating", "key": f"{style}_{high}", "style": style, "low": 1, "high": high,
        "text": "How was the weather?", "low_label": "Unbelievably disappointing",
        "high_label": "Extraordinarily satisfying",
    }
    for style in ("number", "star")
    for high in range(2, 12)
]  # fmt: skip


@pytest.mark.parametrize(*pairwise(width=chosen((*WIDTHS, 390), 320, 390), percent=(100, 200)))
async def test_larger_text_does_not_overflow_on_scales(open_page, site, width, percent):
    page = (await open_page(width=width)).page
    scales = [question for question in QUESTIONS if question["type"] in SCALES]
    for question in [*POINTS, *scales]:
        survey = survey_of(question, title=question["key"])
        await start(page, site.url, survey, "en", mode="inline")
    await page.evaluate(LARGER, percent)

    assert await page.evaluate(OVERFLOWING) == []
    parts = await page.evaluate(PARTS)
    assert [part for part in parts if part["width"] < 44] == []
    assert [part for part in parts if part["left"] < 0 or part["right"] > width] == []


async def test_text_spacing_of_ones_own_loses_nothing(open_page, site, screenshot):
    page = (await open_page(width=320)).page
    await show_all(page, site.url, "en")
    await page.evaluate(SPACING)

    await screenshot(page, "widget-text-spacing")
    assert await page.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize("mode", MODES[:-1])
async def test_at_four_hundred_percent_everything_can_be_reached(open_page, site, mode):
    page = (await open_page(width=320, height=256)).page
    await start(page, site.url, survey_of(QUESTIONS[8]), mode=mode)
    panel = page.locator("harken-survey dialog")

    box = await panel.bounding_box()
    await page.get_by_role("button", name="Send").scroll_into_view_if_needed()

    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 256
    await page.get_by_role("button", name="Send").click(timeout=1000)
    await page.get_by_role("button", name="Close").click(timeout=1000)


async def test_reduced_motion_is_respected_and_else_it_moves_briefly(open_page, site):
    moving = {}
    for motion in ("reduce", "no-preference"):
        page = (await open_page(reduced_motion=motion)).page
        await start(page, site.url, survey_of(NPS))
        moving[motion] = await page.locator("harken-survey dialog").evaluate(
            "panel => getComputedStyle(panel).animationName"
        )

    assert moving == {"reduce": "none", "no-preference": "in"}


async def test_forced_colours_show_what_is_chosen(open_page, site, screenshot):
    page = (await open_page(forced_colors="active", width=390)).page
    await start(page, site.url, survey_of(NPS))
    before = await page.locator("label:has([value='9'])").screenshot()
    await page.locator("label:has([value='9'])").click()

    borders = await page.locator("harken-survey label").evaluate_all(
        "labels => labels.map(label => getComputedStyle(label).borderTopWidth)"
    )
    await page.mouse.move(0, 0)
    await screenshot(page, "widget-forced-colours")

    assert borders.count("3px") == 1
    assert await page.locator("label:has([value='9'])").screenshot() != before


@pytest.mark.parametrize("asked", ["light", "dark"])
async def test_a_scheme_that_is_asked_for_wins_over_the_systems(open_page, site, asked):
    grounds = {}
    for system in ("light", "dark"):
        page = (await open_page(color_scheme=system)).page
        await start(page, site.url, survey_of(NPS), scheme=asked)
        grounds[system] = await page.locator("harken-survey dialog").evaluate(
            """panel => { const {backgroundColor, colorScheme} = getComputedStyle(panel);
            return [backgroundColor, colorScheme]; }"""
        )

    assert grounds["light"] == grounds["dark"]
    assert grounds["light"][1] == asked


async def test_language_and_direction_are_set(open_page, site):
    page = (await open_page()).page
    await start(page, site.url, survey_of(NPS), "ar")

    root = page.locator("harken-survey [dir]").first
    assert await root.get_attribute("lang") == "ar"
    assert await root.get_attribute("dir") == "rtl"
    box = await page.locator("harken-survey dialog").bounding_box()
    assert box is not None
    assert box["x"] < 100, "right becomes left"


async def test_texts_are_never_markup(open_page, site):
    watched = await open_page()
    evil = "<img src=x onerror=alert(1)><b>bold</b>"
    question = {**NPS, "text": evil, "help": evil, "low_label": evil}
    await start(
        watched.page,
        site.url,
        survey_of(question, title=evil, intro=evil, presentation={"brand": evil}),
    )

    assert await watched.page.locator("harken-survey img").count() == 0
    assert await watched.page.get_by_text(evil).count() >= 4
    assert watched.dialogs == []


async def test_the_status_line_tells_that_a_survey_is_there(open_page, site):
    page = (await open_page()).page
    await page.clock.install(time=NOON)
    await page.goto(site.url)
    await page.clock.pause_at(NOON + timedelta(hours=1))
    await start(page, site.url, survey_of(NPS))
    status = page.locator("harken-survey [role=status]")

    assert await status.text_content() == ""
    await page.clock.run_for(350)
    assert await status.text_content() == "How was your stay?"
    dialog = page.get_by_role("dialog", name="How was your stay?")
    assert await dialog.count() == 1


async def test_a_logo_that_does_not_come_leaves_no_trace(open_page, site):
    watched = await open_page()
    survey = survey_of(NPS)
    await watched.page.goto(site.url)
    await start(watched.page, site.url, survey)
    await watched.page.evaluate("harkenTest.close()")
    ask = {"look": {"shape": "", "light": "", "dark": "", "logo": "/widget/logo/none.png"}}
    await watched.page.evaluate(
        """parts => { const {start} = harkenTest; harkenTest.start = ask =>
          start({...ask, survey: {...ask.survey, ...parts}}); }""",
        ask,
    )
    await start(watched.page, site.url, survey)

    logo = "/widget/logo/none.png"
    await watched.until(lambda: watched.requests[-1].endswith(logo), "a request for the logo")
    await expect(watched.page.locator("harken-survey img")).to_be_hidden()

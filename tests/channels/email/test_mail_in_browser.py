"""Messages in a real browser: they fit a phone with and without style blocks, and pass axe."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from plain_browser import browser, chromium
from tiers import pairwise

__all__ = ["browser", "chromium"]
pytestmark = pytest.mark.browser

CELLS = """[...document.querySelectorAll('a[href*="?a="]')].map(link => {
    const box = link.getBoundingClientRect();
    return [box.width, box.height, box.left, box.top] })"""


@pytest.fixture
def open_mail(browser):
    pages = []

    def show(html, width, scheme="light"):
        page = browser.new_page(viewport={"width": width, "height": 700}, color_scheme=scheme)
        pages.append(page)
        page.set_content(html)
        return page

    yield show
    for page in pages:
        page.close()


@pytest.mark.parametrize(
    *pairwise(locale=["en", "de", "ar"], scheme=["light", "dark"], width=[320, 600])
)
@pytest.mark.few(2)
def test_a_message_fits_and_has_no_accessibility_violation(
    mail_of, open_mail, width, scheme, locale
):
    page = open_mail(mail_of(locale=locale).html, width, scheme)
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    # Messages are no pages: they have no landmarks, and the mail program has the headings.
    found = page.evaluate("axe.run({resultTypes: ['violations'], rules: {region: {enabled: false}, "
                          "'landmark-one-main': {enabled: false}}})"
                          ".then(found => found.violations.map(v => v.id))")  # fmt: skip

    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert all(box[0] >= 24 and box[1] >= 40 for box in page.evaluate(CELLS))


def test_every_kind_of_question_fits_a_phone(mail_of, open_mail, question):
    page = open_mail(mail_of(question).html, 320)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_eleven_cells_stand_in_one_row_where_style_blocks_are_dropped(mail_of, open_mail):
    html = re.sub(r"<style>.*?</style>", "", mail_of().html, flags=re.DOTALL)
    page = open_mail(html, 320)
    boxes = page.evaluate(CELLS)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert len({box[3] for box in boxes}) == 1
    assert min(box[0] for box in boxes) >= 24


def test_phones_get_two_rows_of_larger_cells(mail_of, open_mail):
    boxes = open_mail(mail_of().html, 320).evaluate(CELLS)

    assert len({box[3] for box in boxes}) == 2
    assert min(box[0] for box in boxes) >= 40


@pytest.mark.parametrize(("locale", "is_mirrored"), [("en", False), ("ar", True)])
def test_the_scale_starts_where_reading_starts(mail_of, open_mail, locale, is_mirrored):
    boxes = open_mail(mail_of(locale=locale).html, 600).evaluate(CELLS)

    lefts = [box[2] for box in boxes]
    assert lefts == sorted(lefts, reverse=is_mirrored)


def test_nobody_can_see_or_reach_the_trap(mail_of, open_mail):
    page = open_mail(mail_of().html, 600)

    assert page.locator('a[href$="/x"]').is_visible() is False
    reached = set()
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.href || ''"))
    assert len(reached) >= 13
    assert not any(link.endswith("/x") for link in reached)

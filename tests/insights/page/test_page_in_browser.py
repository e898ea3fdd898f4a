"""The results page in a real browser: it fits, passes axe, and its filters act."""

from __future__ import annotations

from importlib.resources import files
from itertools import product
from typing import Literal, TypeAlias
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from plain_browser import browser, chromium
from playwright.sync_api import Browser, Page, Route, expect
from tiers import nightly

from harken_server.design.assets import read_asset
from harken_server.insights.page.results_page import render_results
from harken_server.insights.page.view import ResultsView, Selection
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.distributions import distribute
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import scored_questions

Scheme: TypeAlias = Literal["light", "dark"]

__all__ = ["browser", "chromium"]
pytestmark = pytest.mark.browser


@pytest.fixture
def drawn(request: pytest.FixtureRequest, view: ResultsView) -> ResultsView:
    """With many answers, or so few that all of it is drawn as uncertain."""
    if request.param == "many":
        return view
    [question] = [item for item in view.survey.questions if item.key == "parts"]
    counts = [CountRow("parts", "website", value, 5) for value in ("poor", "good", "great")]
    stack = distribute(question, [CountRow("parts", "", "", 15), *counts])
    scores = tuple(
        score_question(item, {1: 5, 5: 8}) for item in scored_questions(view.survey.questions)
    )
    return msgspec.structs.replace(view, distributions=tuple(stack), scores=scores)


LOOKS = list(product(["many", "few"], ["light", "dark"], [320, 1280]))
OFTEN = [("many", "light", 1280), ("few", "dark", 320)]


@pytest.mark.parametrize(
    ("drawn", "scheme", "width"),
    [look if look in OFTEN else nightly(*look) for look in LOOKS],
    indirect=["drawn"],
)
def test_the_page_fits_and_has_no_accessibility_violation(
    browser: Browser, drawn: ResultsView, width: int, scheme: Scheme
) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

    with browser.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,
    ) as context:
        page = context.new_page()
        shown(page, drawn)
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        page.evaluate(axe)
        violations = page.evaluate(
            "axe.run({resultTypes: ['violations']}).then(found => found.violations.map(v => v.id))"
        )
        needed = page.evaluate("document.documentElement.scrollWidth")

    assert violations == []
    assert needed == width


ADDRESS = "http://results.test/results/post_purchase"


def shown(page: Page, view: ResultsView) -> None:
    """The page as its server would send it, policy included, whatever the form asks for."""

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path.startswith("/assets/"):
            asset = read_asset(address.path.rpartition("/")[2])
            route.fulfill(body=asset.body, content_type=asset.media_type)
            return
        asked = parse_qs(address.query)
        selection = Selection(days=asked.get("days", ["90"])[0])
        document = render_results(msgspec.structs.replace(view, selection=selection))
        headers = {"content-security-policy": document.policy, "content-type": "text/html"}
        route.fulfill(body=document.body, headers=headers)

    page.route("**/*", answer)
    page.goto(ADDRESS)


def test_a_filter_acts_at_once_and_keeps_its_focus(browser: Browser, view: ResultsView) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        shown(page, view)
        expect(page.get_by_role("button", name="Show", exact=True)).to_have_count(0)

        page.get_by_label("7 days").check()

        page.wait_for_url("**days=7**")
        expect(page.get_by_label("7 days")).to_be_focused()
        page.get_by_label("Channel").select_option("email")
        page.wait_for_url("**days=7**channel=email**")


def test_going_back_shows_the_filter_of_that_page(browser: Browser, view: ResultsView) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        shown(page, view)
        page.get_by_label("7 days").check()
        page.wait_for_url("**days=7**")

        page.go_back()

        expect(page.get_by_label("90 days")).to_be_checked()


def test_without_script_the_button_filters(browser: Browser, view: ResultsView) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        shown(page, view)

        page.get_by_label("30 days").check()
        page.get_by_role("button", name="Show", exact=True).click()

        page.wait_for_url("**days=30**")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chosen_period_is_seen_in_forced_colours(
    browser: Browser, view: ResultsView, scheme: Scheme
) -> None:
    with browser.new_context(forced_colors="active", color_scheme=scheme) as context:
        page = context.new_page()
        shown(page, view)

        colours = {
            span.inner_text(): span.evaluate("each => getComputedStyle(each).backgroundColor")
            for span in page.locator(".segmented span").all()
        }

    chosen = colours.pop("90 days")
    assert chosen not in colours.values()

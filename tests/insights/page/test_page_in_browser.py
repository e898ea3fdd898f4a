"""The results page in a real browser: fits 320 px, passes axe, in light and dark, tables open."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from browser_fixtures import chromium
from playwright.sync_api import Browser, sync_playwright
from tiers import pairwise

from harken_server.insights.page.results_page import render_results
from harken_server.insights.page.view import ResultsView

Scheme: TypeAlias = Literal["light", "dark"]

__all__ = ["chromium"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize(*pairwise(scheme=["light", "dark"], width=[320, 1280]))
def test_the_page_fits_and_has_no_accessibility_violation(
    browser: Browser, view: ResultsView, tmp_path: Path, width: int, scheme: Scheme
) -> None:
    file = tmp_path / "results.html"
    file.write_bytes(render_results(view).body)
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

    with browser.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    ) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        page.evaluate(axe)
        violations = page.evaluate(
            "axe.run({resultTypes: ['violations']}).then(found => found.violations.map(v => v.id))"
        )
        needed = page.evaluate("document.documentElement.scrollWidth")

    assert violations == []
    assert needed == width

"""The report in a real browser: four surveys fit on a sheet, and nobody is kept out."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

import pytest
from markupsafe import Markup
from plain_browser import browser, chromium
from playwright.sync_api import Browser

from harken_server.insights.page.change import Change
from harken_server.insights.page.panels.figures import Figure
from harken_server.insights.page.panels.metrics import CommentCard
from harken_server.insights.report.reading import Block
from harken_server.insights.report.rendering import render_report

__all__ = ["browser", "chromium"]
pytestmark = pytest.mark.browser
WORDS = "How likely is it that you would recommend our shop to a friend or a colleague?"


def test_four_surveys_fit_on_one_sheet_and_are_read_by_everybody(browser: Browser) -> None:
    blocks = [_block(f"How was your order with us, part {number}?") for number in range(4)]
    document = render_report("Fjord Coffee", blocks, datetime(2026, 11, 21, tzinfo=UTC), "UTC")
    axe = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    with browser.new_context(viewport={"width": 320, "height": 900}) as context:
        page = context.new_page()
        page.set_content(document.body.decode())
        page.evaluate(axe)
        found = page.evaluate("async () => (await axe.run()).violations.map(one => one.id)")
        wide = page.evaluate("document.documentElement.scrollWidth")
        a4, letter = (page.pdf(format=size) for size in ("A4", "Letter"))

    assert (found, wide) == ([], 320)
    assert [pdf.count(b"/Type /Page\n") for pdf in (a4, letter)] == [1, 1]


def _block(title: str) -> Block:
    change = Change(
        title="Bergen, Bryggen fell in week 45", arrow="▼", kind="bad", href="", p=0.001,
        detail="-43 against 44 in other weeks, from 7 answers, 2 to 8 Nov 2026.",
        chance="Chance alone: 1 in 24.",
    )  # fmt: skip
    figure = Figure(
        label=WORDS, value="-53", interval="-70 to -31", n="1,260 answers", href="",
        change="down 8 on the 90 days before; could be chance", move="down 8",
        weeks=(1.0, 4.0, 2.0, 5.0),
    )  # fmt: skip
    comment = CommentCard(
        text="Word after word " * 20, question="Why?", time=Markup("today"), touchpoint="",
        rating="2", group="", tone="bad", is_sample=False, source="", link="",
    )  # fmt: skip
    return Block(
        title=title, status="live", days="3 Sep 2026 to 1 Dec 2026", main=figure,
        metric="Net Promoter Score®", others=[figure] * 3, changes=[change] * 2, unchanged="",
        comments=[comment] * 2, hidden="", has_samples=True,
    )  # fmt: skip

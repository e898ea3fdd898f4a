"""What tests of the widget's face do and measure; surveys of every question type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page
from widget_page import WidgetPage, ask_for, widget_page

SURVEYS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "browser" / "surveys.json").read_text("utf-8")
)
EVERY_TYPE: dict[str, Any] = SURVEYS["every_type"]
MORE_TYPES: list[dict[str, Any]] = [
    {"type": "short_text", "key": "name", "text": "Your first name"},
    {
        "type": "rating", "key": "mood", "style": "smiley", "low": 0, "high": 10,
        "text": "How do you feel?", "low_label": "Awful", "high_label": "Splendid",
    },
    {
        "type": "ranking", "key": "top", "max_ranked": 2, "text": "Your top two",
        "choices": [{"value": letter, "label": letter.upper() * 3} for letter in "abc"],
    },
]  # fmt: skip
QUESTIONS: list[dict[str, Any]] = [*EVERY_TYPE["questions"], *MORE_TYPES]
NPS: dict[str, Any] = QUESTIONS[0]

PARTS = """() => [...document.querySelectorAll("harken-survey")].flatMap(host =>
  [...host.shadowRoot.querySelectorAll("button, a, label:has(input), textarea, input")]
    .filter(part => part.checkVisibility() && !(part.matches("label > input")))
    .map(part => { const {width, height, left, right} = part.getBoundingClientRect();
      return {what: part.outerHTML.slice(0, 90), width, height, left, right}; }))"""
OVERFLOWING = """() => [document.documentElement,
  ...[...document.querySelectorAll("harken-survey")].flatMap(host =>
    [...host.shadowRoot.querySelectorAll("dialog, section, form, fieldset, p, label, legend")])]
  .filter(part => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 1)
  .map(part => part.outerHTML.slice(0, 120))"""


@pytest.fixture
def site() -> Iterator[WidgetPage]:
    """A host page that is told which survey to open."""
    with widget_page() as page:
        yield page


def survey_of(*questions: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A survey of these questions with a brand, an intro and an ending."""
    return {**EVERY_TYPE, "questions": list(questions), **parts}


async def start(
    page: Page, url: str, survey: dict[str, Any], locale: str = "en", **ask: Any
) -> None:
    """Open a survey on the test's page, loading the page first unless it is there.

    Limits and what sends come while it shows already, and are waited for.
    """
    if not page.url.startswith(url):
        await page.goto(url)
    await page.wait_for_function("() => window.harkenTest")
    await page.evaluate("ask => harkenTest.start(ask)", ask_for(survey, locale, **ask))
    await page.wait_for_function("() => harkenTest.canSend()")


async def focused(page: Page) -> str:
    """What has the focus: its name or text, looking into the shadow root."""
    return await page.evaluate(
        """() => { const host = document.activeElement, at = host.shadowRoot?.activeElement || host;
          return at.ariaLabel || at.value || at.textContent || at.localName; }"""
    )


async def told(page: Page, name: str) -> list[Any]:
    """What the survey code, or the page's own listeners, told under this name."""
    return await page.evaluate("name => harkenTest.told.filter(item => item[0] === name)", name)

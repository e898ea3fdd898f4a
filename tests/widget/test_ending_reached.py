"""The thank-you of the widget as it is shipped, in several files."""

from __future__ import annotations

import pytest
from face_steps import NPS, site, start, survey_of

__all__ = ["site"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ENDINGS = [
    {
        "key": "sorry",
        "title": "We are sorry",
        "show_if": {"op": "at_most", "answer": "recommend", "value": 6},
    },
    {"key": "thanks", "title": "Thank you"},
]


@pytest.mark.parametrize(("value", "title"), [(3, "We are sorry"), (9, "Thank you")])
async def test_the_ending_follows_from_the_answers(open_page, site, value, title):
    page = (await open_page()).page
    await start(page, site.url, survey_of(NPS, endings=ENDINGS))

    await page.locator(f"harken-survey label:has([value='{value}'])").click()
    await page.get_by_role("button", name="Send", exact=True).click()

    await page.get_by_role("heading", name=title).wait_for()

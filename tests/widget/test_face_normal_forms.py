"""What is typed into the widget's face is asked about and sent in its normal form."""

from __future__ import annotations

import pytest
from face_steps import QUESTIONS, site, start, survey_of

__all__ = ["site"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAME = next(question for question in QUESTIONS if question["key"] == "name")


@pytest.mark.parametrize(
    "typed", ["(+47) 22-12 34.56", "\uff0b\u0664\u0667 22123456", "+47 (0)22 12 34 56"]
)
async def test_a_phone_number_is_asked_about_and_sent_as_it_is_stored(open_page, site, typed):
    phone = {"type": "phone", "key": "phone", "text": "Your number"}
    is_known = {"op": "equals", "answer": "phone", "value": "+4722123456"}
    page = (await open_page()).page
    await start(page, site.url, survey_of(phone, {**NAME, "show_if": is_known}))

    await page.get_by_role("textbox").fill(typed)
    await page.get_by_role("button", name="Next", exact=True).click()
    await page.get_by_label("Your first name").fill("Ada")
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.get_by_role("heading", name="Thank you").wait_for()

    assert site.sent[-1]["answers"] == {"phone": "+4722123456", "name": "Ada"}

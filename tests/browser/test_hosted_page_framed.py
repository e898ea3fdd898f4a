"""A hosted page in a frame of another site: where its survey allows that, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from host_site import HostSite, page_of
from playwright.async_api import expect

pytestmark = pytest.mark.browser

IN_LOOP = pytest.mark.asyncio(loop_scope="session")
SCRIPTS = pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
QUESTIONS = [
    {"type": "nps", "key": "recommend", "text": "How likely?", "required": True},
    {"type": "short_text", "key": "why", "text": "Why so?"},
]
PRESS = "document.querySelector(arguments[0]).click(); return true"
SHOWS = """return document.readyState == 'complete'
  && document.body.innerText.includes(arguments[0])"""


@pytest.fixture
def sites() -> Iterator[tuple[HostSite, HostSite]]:
    """A site that may frame the survey, and another one."""
    allowed, foreign = HostSite(), HostSite()
    yield allowed, foreign
    allowed.close()
    foreign.close()


@pytest.fixture
def framed(publish, sites):
    """Publishes a survey that the first site may frame; gives its key and both framing pages."""
    presentation = {"pages": "question", "framed_by": [sites[0].url]}
    key, address = publish("one_by_one", questions=QUESTIONS, presentation=presentation)
    frame = page_of(f'<iframe src="{address}" width=600 height=600 title="A survey"></iframe>')
    return key, *(site.put("/framing", frame) for site in sites)


@IN_LOOP
@SCRIPTS
async def test_an_allowed_site_frames_every_page_of_it(open_page, framed, live_server, has_script):
    key, allowed, _ = framed
    watched = await open_page(java_script_enabled=has_script)
    await watched.page.goto(allowed)
    inside = watched.page.frame_locator("iframe")

    await inside.get_by_role("button", name="Next").click()
    await expect(inside.locator("#errors")).to_be_visible()
    await inside.locator("label:has([value='8'])").click()
    await inside.get_by_role("button", name="Next").click()
    await inside.get_by_label("Why so?").fill("Good coffee")
    await inside.get_by_role("button", name="Send").click()
    await inside.get_by_role("heading", name="Thank you").wait_for()

    [stored] = live_server.responses(key)
    assert stored["answers"] == {"recommend": 8, "why": "Good coffee"}
    assert stored["complete"] is True
    # A frame of another site may not take the focus by itself: browsers say so.
    assert [one for one in watched.complaints if "autofocus" not in one] == []


@IN_LOOP
async def test_a_closed_survey_says_so_in_the_frame_too(open_page, framed, live_server):
    key, allowed, _ = framed
    live_server.call("POST", f"/v1/surveys/{key}/status", {"status": "closed"})
    watched = await open_page()

    await watched.page.goto(allowed)

    await watched.page.frame_locator("iframe").get_by_role("heading").first.wait_for()


@IN_LOOP
async def test_a_foreign_site_frames_nothing(open_page, framed):
    watched = await open_page()

    await watched.page.goto(framed[2])
    await watched.until(lambda: watched.complaints, "a refusal")

    assert "frame-ancestors" in watched.complaints[0]
    assert await watched.page.frame_locator("iframe").locator("form").count() == 0


@pytest.mark.few(1)
def test_firefox_frames_it_where_it_is_allowed(with_or_without_script, framed, live_server):
    firefox, (key, allowed, foreign) = with_or_without_script, framed
    firefox.open(foreign)
    firefox.into_frame("iframe")
    assert firefox.run("return document.forms.length") == 0

    firefox.open(allowed)
    firefox.into_frame("iframe")
    firefox.until(SHOWS, "How likely?")
    firefox.run(PRESS, "[value='8']")
    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, "Why so?")
    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, "Thank you")

    [stored] = live_server.responses(key)
    assert stored["answers"] == {"recommend": 8}

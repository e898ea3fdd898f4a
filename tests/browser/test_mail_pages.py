"""The pages behind a message's links in a real browser: scanners that run scripts, and people."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from datetime import timedelta

import pytest
from mail_visitors import make_invitation
from pages import press
from playwright.async_api import expect
from tiers import pairwise

from harken_server.channels.email.answers.settling import settle_answer
from harken_server.channels.email.answers.taking import MAIL_SETTLE
from harken_server.database import outbox
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import unsubscribe_url
from harken_server.responses.asked import collection_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCRIPT_TIME_S = 6
_numbers = itertools.count()


class Mailbox:
    """A survey that keeps opens apart, and messages about it."""

    def __init__(self, live_server, *, counts_opens: bool = True) -> None:
        self.live = live_server
        self.key = f"mailed_{next(_numbers)}"
        live_server.push({
            "key": self.key,
            "title": {"en": "Your order", "ar": "طلبك"},
            "locales": ["ar"],
            "asking": {"email_counts_opens": counts_opens},
            "presentation": {"brand": "The Shop"},
            "questions": [{"type": "nps", "key": "recommend", "required": True,
                           "text": {"en": "How likely?", "ar": "ما مدى الاحتمال؟"}}],
        })  # fmt: skip

    def link(self) -> str:
        """The address of a new message's page."""
        invitation = self.live.run_inside(lambda runtime: make_invitation(runtime, self.key))
        return f"{self.live.url}/e/{invitation.code}"

    def stop_link(self) -> str:
        """The address that stops a new message."""

        async def make(runtime: Runtime) -> str:
            invitation = await make_invitation(runtime, self.key)
            base = runtime.settings.of(HttpSettings).public_url
            return unsubscribe_url(
                base, runtime.signing_keys, workspace_id=runtime.home,
                invitation_id=invitation.id, now=runtime.clock(),
            )  # fmt: skip

        return self.live.run_inside(make)

    def settle(self) -> None:
        """Judge every visit, as if its time had passed."""

        async def judge(runtime: Runtime) -> None:
            later = runtime.clock() + timedelta(minutes=1)
            for item in await outbox.claim_due(runtime.db, later, 1000, 1, kind=MAIL_SETTLE):
                await settle_answer(collection_of(runtime), item)

        self.live.run_inside(judge)

    def standings(self) -> Counter[str]:
        """How many responses there are of each standing."""
        return Counter(item["standing"] for item in self.live.responses(self.key))


async def test_a_browser_that_visits_every_link_counts_nothing(live_server, browser):
    mailbox = Mailbox(live_server)
    looked, sent = mailbox.link(), mailbox.link()
    context = await browser.new_context()
    pages = await asyncio.gather(*(context.new_page() for _ in range(22)))
    links = [f"{link}?a={rating}" for link in (looked, sent) for rating in range(11)]
    await asyncio.gather(*(page.goto(link) for page, link in zip(pages, links, strict=True)))
    await asyncio.sleep(SCRIPT_TIME_S)
    for page in pages[11:]:
        await press(page.locator("button.go"))
    await context.close()
    mailbox.settle()
    assert mailbox.standings() == {"quarantined": 2}


async def test_a_browser_that_follows_one_link_and_sends_at_once_counts_nothing(
    live_server, open_page
):
    mailbox = Mailbox(live_server)
    watched = await open_page(java_script_enabled=False)
    await watched.page.goto(f"{mailbox.link()}?a=4", wait_until="commit")
    await watched.page.locator("button.go").click()
    await expect(watched.page.get_by_role("heading", name="Thank you")).to_be_visible()
    mailbox.settle()
    assert mailbox.standings() == {"quarantined": 1}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_a_person_needs_one_press(live_server, open_page, script):
    mailbox = Mailbox(live_server)
    watched = await open_page(java_script_enabled=script)
    page = watched.page
    await page.goto(f"{mailbox.link()}?a=9")
    await expect(page.locator("input:checked")).to_have_value("9")
    await asyncio.sleep(1.5)
    await press(page.locator("button.go"))
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    mailbox.settle()
    assert mailbox.standings() == {"counted": 1}
    assert live_server.responses(mailbox.key)[0]["answers"] == {"recommend": 9}
    assert watched.complaints == []


async def test_a_page_that_is_looked_at_is_kept_apart_until_it_is_confirmed(live_server, open_page):
    mailbox = Mailbox(live_server)
    watched = await open_page()
    page = watched.page
    await page.goto(f"{mailbox.link()}?a=7")
    async with page.expect_response(lambda reply: reply.url.endswith("/seen?a=7")) as reported:
        await page.keyboard.press("Tab")
    assert (await reported.value).status == 204
    mailbox.settle()
    assert mailbox.standings() == {"provisional": 1}
    await asyncio.sleep(1)
    await press(page.locator("button.go"))
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    mailbox.settle()
    assert mailbox.standings() == {"counted": 1}
    assert watched.complaints == []


async def test_nothing_is_reported_unless_the_survey_wants_it(live_server, open_page):
    mailbox = Mailbox(live_server, counts_opens=False)
    watched = await open_page()
    await watched.page.goto(f"{mailbox.link()}?a=7")
    await watched.page.keyboard.press("Tab")
    assert len(watched.requests) == 1


@pytest.mark.parametrize("java_script_enabled", [True, False])
async def test_a_person_can_stop_the_messages_and_take_it_back(
    live_server, open_page, java_script_enabled
):
    watched = await open_page(java_script_enabled=java_script_enabled)
    page = watched.page
    await page.goto(Mailbox(live_server).stop_link())
    await press(page.get_by_role("button", name="Unsubscribe"))
    await expect(page.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    await press(page.get_by_role("button", name="Take it back"))
    await press(page.get_by_role("link", name="More choices"))
    await expect(page.get_by_label("Ask me as before")).to_be_checked()
    await page.get_by_label("Do not ask me this any more: Your order").check()
    await press(page.get_by_role("button", name="Save"))
    await expect(page.get_by_text("We will not ask you this again.")).to_be_visible()
    assert watched.complaints == []


@pytest.mark.parametrize(
    *pairwise(place=[(320, "en"), (320, "ar"), (1280, "de")], scheme=["light", "dark"])
)
async def test_the_pages_are_accessible_and_fit(
    live_server, open_page, axe, screenshot, place, scheme
):
    width, locale = place
    watched = await open_page(width=width, color_scheme=scheme, locale=locale)
    page = watched.page
    link = Mailbox(live_server).stop_link()
    for name, address in (("stop", link), ("choices", f"{link}/preferences")):
        await page.goto(address)
        assert await axe(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await screenshot(page, f"mail-{name}-{locale}-{width}-{scheme}")
    await page.goto(link)
    await press(page.locator("button.go"))
    assert await axe(page) == []
    await screenshot(page, f"mail-stopped-{locale}-{width}-{scheme}")

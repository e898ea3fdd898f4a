"""A template published as it is: the tag that Share gives shows it on a page, in whatever mode.

The page is a long one, and the visitor does what people do: stays, scrolls to its end, and leaves.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from browser_fixtures import OpenPage
from either_browser import NOTES
from host_site import HostSite
from live_server import LiveServer
from playwright.async_api import Page
from signed_in import add_person, open_session
from tiers import first_of, pairwise
from watched import Watched

from harken_server.channels.widget.console import MODES
from harken_server.channels.widget.openings import ASKED, KEEP, WAYS
from harken_server.http.runtime import Runtime
from harken_server.surveys.drafting import tree_of
from harken_server.surveys.gallery import read_gallery
from harken_server.workspaces.people.cookies import SESSION, cookie_name
from harken_server.workspaces.store.workspaces import find_workspace

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 30
"""So long a visitor stays; the page's clock is put forward."""
ROUNDS = 200
"""Of looking whether it is there, for what the network takes."""
WAITING = "The tag alone shows nothing yet."
EVENT = "And on the page where it happens"
ALL = sorted(read_gallery(), key=lambda name: read_gallery()[name].survey.widget is None)
"""Those that say when they open come first."""
TARGETED = [name for name, each in read_gallery().items() if each.survey.widget is not None]
OFTEN = first_of(TARGETED, 5)
DETAILS = {"time": "5", "scroll": "50", "click": "h1", "event": "order_placed"}
SHOWN = """[...document.querySelectorAll('harken-survey')].some(host =>
  host.shadowRoot?.querySelector("[part='tab']")) || told.includes('shown')"""

LEAVE = """document.documentElement.dispatchEvent(
  new MouseEvent("mouseout", {bubbles: true, clientY: -1}))"""


class Share:
    """Share of one survey, for somebody without script who copies and presses what it offers."""

    def __init__(self, live: LiveServer, survey: str) -> None:
        self._url = f"{live.url}/console/{live.slug}/share/{survey}/widget"
        self._cookies = live.run_inside(_entered(live.slug))

    def look(self, **chosen: str) -> str:
        """The page."""
        return httpx.get(self._url, params=chosen, cookies=self._cookies).raise_for_status().text

    def press(self, further: str, **fields: str) -> None:
        """Send one of its forms."""
        found = re.search(r'name="csrf" value="([\w=-]+)"', self.look())
        assert found is not None
        sent = {"csrf": found[1], **fields}
        reply = httpx.post(f"{self._url}/{further}", data=sent, cookies=self._cookies)
        assert reply.status_code == 303, reply.text

    def copy(self, **chosen: str) -> str:
        """All that the card with the tag has to copy."""
        card, _, _ = self.look(**chosen).partition("When it opens")
        return "\n".join(html.unescape(each) for each in re.findall(r'data-copy="([^"]*)"', card))


def _entered(slug: str) -> Callable[[Runtime], Any]:
    async def enter(runtime: Runtime) -> dict[str, str]:
        workspace = await find_workspace(runtime.db, slug)
        assert workspace is not None
        person = await add_person(runtime, "editor", workspace=workspace.id)
        return {cookie_name(runtime, SESSION): await open_session(runtime, person)}

    return enter


def publish(live: LiveServer, template: str) -> Share:
    """Publish a template as it is, make a key, and press what opens it if Share offers that."""
    live.push(tree_of(read_gallery()[template].text, "yaml"))
    share = Share(live, template)
    share.press("key", origins="")
    return share


async def stay(watched: Watched, site: HostSite, tag: str) -> None:
    """Stay on a long page with the tag, doing what people do, until the survey is there."""
    page = watched.page
    await page.clock.install()
    text = "<h1>Shop</h1>" + "<p>Coffee, and more coffee.</p>" * 200
    source = f"<!doctype html><title>Shop</title>{NOTES}{tag}{text}"
    await page.goto(site.put("/from-share", source))
    await page.wait_for_function("window.harken?.explain?.().length")
    for _ in range(SECONDS):
        if await page.evaluate(SHOWN):
            return
        await move(page)
        await page.clock.run_for(1000)


async def move(page: Page) -> None:
    """Press, scroll and leave."""
    await page.click("h1", force=True)
    await page.evaluate("scrollTo(0, document.body.scrollHeight)")
    await page.evaluate(LEAVE)


async def see(watched: Watched, site: HostSite, tag: str) -> None:
    """Stay, and see the survey.

    Its code may take longer than the page's clock, so long even that the widget gives it up, and
    fetches it anew when the visitor moves again.
    """
    await stay(watched, site, tag)
    for _ in range(ROUNDS):
        if await watched.page.evaluate(SHOWN):
            return
        await move(watched.page)
        await watched.page.clock.run_for(20)
        await asyncio.sleep(0.1)
    raise AssertionError(f"never shown: {await watched.page.evaluate('harken.explain()')}")


@pytest.mark.parametrize(
    *pairwise(template=first_of(ALL, len(MODES)), mode=[mode for mode, _ in MODES])
)
@pytest.mark.few(2)
async def test_each_template_shows_with_the_tag_of_share(
    template: str, mode: str, shop: LiveServer, host_site: HostSite, open_page: OpenPage
) -> None:
    share = publish(shop, template)
    if WAITING in share.look() and EVENT not in share.look():
        share.press("opening", way="time", detail="5")

    await see(await open_page(), host_site, share.copy(mode=mode))


@pytest.mark.parametrize(
    *pairwise(way=[way for way, _ in WAYS if way not in {KEEP, ASKED}], template=OFTEN)
)
@pytest.mark.few(3)
async def test_each_way_that_share_offers_opens_it(
    way: str, template: str, shop: LiveServer, host_site: HostSite, open_page: OpenPage
) -> None:
    share = publish(shop, template)
    share.press("opening", way=way, detail=DETAILS.get(way, ""))

    await see(await open_page(), host_site, share.copy())


async def test_what_only_the_application_asks_for_says_so_and_does_not_open(
    shop: LiveServer, host_site: HostSite, open_page: OpenPage
) -> None:
    share = publish(shop, "nps")
    share.press("opening", way=ASKED)
    assert WAITING in share.look()

    watched = await open_page()
    await stay(watched, host_site, share.copy())

    (explained,) = await watched.page.evaluate("harken.explain()")
    assert explained["reason"] == "waiting"
    assert not await watched.page.evaluate(SHOWN)

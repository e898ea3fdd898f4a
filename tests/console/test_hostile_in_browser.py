"""Texts that are meant to break out, in a real Chromium: on no page do they run, or make anything.

`test_hostile_texts.py` reads what the server sends; here is what script makes of it.
"""

from __future__ import annotations

import pytest
from browser_fixtures import OpenPage
from console_routes import console_routes
from hostile_texts import TRICKS
from house import house_of
from live_server import LiveServer
from tiers import first_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MARKUP = [trick for trick in TRICKS if set("<{'\"&") & set(trick)]
FIRST = sorted(MARKUP, key=lambda trick: "onerror" not in trick)
MADE = "[onerror], img[src='x'], h1 h1, script:not([src])"
"""What the texts would make."""


@pytest.mark.parametrize("trick", first_of(FIRST, 1), ids=lambda trick: trick[:12])
async def test_no_page_runs_what_its_names_say(
    open_page: OpenPage, live_server: LiveServer, trick: str
) -> None:
    house = house_of(live_server, text=trick)
    watched = await open_page()
    await watched.watch_widget()
    page = watched.page
    await house.enter(page.context)

    for route in console_routes("GET"):
        address = house.url + route.at(house.ids, house.slug)
        reply = await page.context.request.get(address)
        if "html" not in reply.headers["content-type"]:
            continue
        await page.goto(address)
        assert not await page.locator(MADE).count(), route
        assert not [*watched.dialogs, *watched.violations, *watched.complaints], route

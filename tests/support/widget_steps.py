"""What people and sites do with the widget, for tests in Chromium."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator, Page
from watched import Watched

EXPLAIN = "() => harken.explain()"
NO_SURVEY_S = 0.7
"""How long a test waits to be sure that nothing opens; openings in tests are far quicker."""


def survey_on(page: Any) -> Locator:
    """The survey's element in a page or frame."""
    return page.locator("harken-survey")


async def choose(page: Any, rating: int = 9) -> None:
    """Choose a rating. Where a question follows, it comes by itself: no button is pressed."""
    radio = survey_on(page).get_by_role("radio", name=str(rating), exact=True)
    await radio.check(force=True)


async def send(page: Any) -> None:
    """Press "Send"."""
    await survey_on(page).get_by_role("button", name="Send", exact=True).click()


async def answer(watched: Watched, rating: int = 9) -> dict[str, Any]:
    """Choose a rating and send it; gives the event `submitted`, when all is stored or waits."""
    await choose(watched.page, rating)
    await send(watched.page)
    return await watched.event("submitted")


async def can_send(watched: Watched) -> None:
    """Wait for what sends, which is fetched while the survey shows already."""
    await watched.until(
        lambda: any("/widget/sending-" in one for one in watched.loaded), "what sends"
    )


async def go_offline(watched: Watched) -> None:
    """Cut the network once what sends has come."""
    await can_send(watched)
    await watched.page.context.set_offline(True)


async def another_tab(watched: Watched) -> Watched:
    """A further tab of the same visitor."""
    made = Watched(await watched.page.context.new_page())
    await made.watch_widget()
    return made


async def waiting(watched: Watched) -> int:
    """How many submissions wait on the device."""
    return await watched.page.evaluate(
        "(localStorage['harken.waiting'] || '').split('\\n').filter(line => line).length"
    )


async def close(page: Any) -> None:
    """Press the cross."""
    await survey_on(page).get_by_role("button", name="Close", exact=True).first.click()


async def reasons(page: Page) -> dict[str, str]:
    """What the widget says of each survey."""
    return {one["survey"]: one["reason"] for one in await page.evaluate(EXPLAIN)}


async def reason_is(watched: Watched, survey: str, reason: str) -> str:
    """Wait until the widget gives this reason for a survey; gives the detail."""
    found: Any = None
    for _ in range(200):
        found = await watched.page.evaluate("async () => window.harken?.explain?.()")
        for one in found or ():
            if one["survey"] == survey and one["reason"] == reason:
                return one["detail"]
        await watched.page.wait_for_timeout(20)
    raise AssertionError(f"{survey} is not {reason}: {found}")

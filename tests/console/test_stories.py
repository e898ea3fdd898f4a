"""What people do in the console from beginning to end, in real browsers, at a person's pace."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from either_browser import NOTES, InChromium, InFirefox, Visitor
from firefox import Firefox
from host_site import HostSite
from live_server import serving
from paced import Paced, Step, told
from people_story import Another, begin, live_with_people, lose_the_password
from playwright.async_api import Browser
from told_stories import (
    STORES,
    TEMPLATE,
    camera,
    check_told,
    print_codes,
    publish_first,
    set_up,
)

from harken_server.surveys.gallery import read_gallery
from harken_server.surveys.targeting import OnTime
from harken_server.workspaces.people.new_people import make_setup_link

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORDS = "All good"
SURVEY: dict[str, Any] = {
    "key": "visit", "title": "Your visit", "touchpoints": ["store.visit"],
    "questions": [{"type": "nps", "key": "recommend", "text": "How likely to recommend us?"}],
}  # fmt: skip


@pytest.fixture
def site() -> Iterator[HostSite]:
    opened = HostSite()
    yield opened
    opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def others_in_chromium(browser: Browser) -> AsyncIterator[Another]:
    """Opens a browser for each person, which says yes to what is asked."""
    async with contextlib.AsyncExitStack() as stack:

        async def another() -> InChromium:
            context = await browser.new_context(
                viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
            )
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.on("dialog", lambda asked: asyncio.ensure_future(asked.accept()))
            return InChromium(page)

        yield another


@pytest.fixture
def others_in_firefox(firefox: Firefox) -> Iterator[Another]:
    """Opens a tab for each person, with cookies of its own."""
    first, tabs = firefox.tab(), list[str]()

    async def another() -> InFirefox:
        tabs.append(firefox.open_apart())
        return InFirefox(firefox, tabs[-1])

    yield another
    for tab in tabs:
        firefox.close(tab)
    firefox.look_at(first)


@pytest_asyncio.fixture(loop_scope="session")
async def in_chromium(others_in_chromium: Another) -> InChromium:
    driver = await others_in_chromium()
    assert isinstance(driver, InChromium)
    return driver


async def test_a_marketer_goes_from_an_empty_server_to_an_answer_in_two_minutes(
    in_chromium: InChromium, site: HostSite, tmp_path: Path
) -> None:
    await check_marketer(Paced(in_chromium, camera(in_chromium)), site, tmp_path)


@pytest.mark.nightly
async def test_a_marketer_does_so_in_firefox(
    firefox: Firefox, site: HostSite, tmp_path: Path
) -> None:
    await check_marketer(Paced(InFirefox(firefox)), site, tmp_path)


@pytest.mark.nightly
async def test_a_manager_prints_twelve_codes_in_a_minute_in_chromium(
    in_chromium: InChromium, tmp_path: Path
) -> None:
    await check_manager(Paced(in_chromium, camera(in_chromium)), tmp_path)


async def test_a_manager_prints_twelve_codes_in_a_minute(firefox: Firefox, tmp_path: Path) -> None:
    await check_manager(Paced(InFirefox(firefox)), tmp_path)


@pytest.mark.processes
async def test_an_owner_restricts_revokes_is_locked_out_and_comes_back(
    in_chromium: InChromium, others_in_chromium: Another, tmp_path: Path
) -> None:
    await check_owner(Paced(in_chromium, camera(in_chromium)), others_in_chromium, tmp_path)


@pytest.mark.nightly
@pytest.mark.processes
async def test_an_owner_does_so_in_firefox(
    firefox: Firefox, others_in_firefox: Another, tmp_path: Path
) -> None:
    await check_owner(Paced(InFirefox(firefox, firefox.tab())), others_in_firefox, tmp_path)


async def check_marketer(person: Paced, site: HostSite, folder: Path) -> None:
    """Set up, choose a template, publish, paste the tag, and answer on the page."""
    with serving(folder) as live:
        await set_up(person, live.run_inside(make_setup_link), picture="home")
        await publish_first(person)
        await person.press("On your web site", "First, a key for your site")
        await person.press("Make the key", "The tag", picture="tag")
        tag = await person.until(
            "return document.querySelector('[data-copy*=\"widget/v1.js\"]')?.dataset.copy"
        )
        await person.press("Copy tag")
        address = site.put("/shop", f"<!doctype html><title>Shop</title>{NOTES}{tag}")
        await person.act("paste the tag into the page")
        await person.driver.open(address)
        await person.act("open the page", reads=1)
        await answer(person, Visitor(person.driver))
        (response,) = live.responses(TEMPLATE)
        assert response["channel"] == "widget"
        assert response["answers"] == {"recommend": 10, "what_you_value": WORDS}
    assert person.seconds <= 120, told(person.steps)
    check_told("marketer", person)


async def check_manager(person: Paced, folder: Path) -> None:
    """From the console's home to a sheet of labels."""
    with serving(folder) as live:
        live.push(SURVEY)
        await set_up(person, live.run_inside(make_setup_link))
        person.steps.clear()  # they are signed in when the story begins
        await print_codes(person)
        shown = await person.driver.run("return document.body.innerText")
        assert all(store in shown for store in STORES)
        assert len(live.call("GET", "/v1/place-codes")["place_codes"]) == len(STORES)
    assert person.seconds <= 60, told(person.steps)
    check_told("manager", person)


async def check_owner(owner: Paced, another: Another, folder: Path) -> None:
    """Everybody presses in a browser of their own; the seconds of all are added up."""
    with serving(folder) as live:
        await begin(owner, live)
        await live_with_people(owner, live, another)
        await lose_the_password(owner, live, another)
    assert owner.seconds <= 120, told(owner.steps)
    check_told("owner", owner)


async def answer(person: Paced, visitor: Visitor) -> None:
    """Stay until the widget opens by itself, answer, and be thanked."""
    await visitor.told("shown")
    await person.wait("stay until the survey opens by itself", opens_after_s())
    await visitor.press("label:has(input[value='10'])")
    await visitor.press("textarea")
    await visitor.type(WORDS)
    await visitor.press("button.go")
    await visitor.told("submitted")
    person.steps.append(Step("answer it in the widget", 3, len(WORDS), 2))


def opens_after_s() -> float:
    """How long a visitor of a page has to stay, as the template says."""
    widget = read_gallery()[TEMPLATE].survey.widget
    assert widget is not None
    (opening,) = widget.opens
    assert isinstance(opening, OnTime)
    return opening.seconds

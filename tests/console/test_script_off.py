"""The console in real browsers whose script is off: it is read, and a survey is published."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_fixtures import OpenPage
from console_routes import console_routes
from either_browser import Driver, InChromium, InFirefox
from firefox import Firefox
from house import House
from live_server import serving
from paced import Paced
from playwright.async_api import APIResponse, Route
from told_stories import STORES, TEMPLATE, print_codes, publish_first, set_up

from harken_server.workspaces.people.new_people import make_setup_link

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

READ = """() => {
  document.querySelectorAll("main [data-copy]").forEach(each => each.remove());
  return document.querySelector("main").innerText.split("\\n").map(line => line.trim());
}"""
"""The lines of a page, but for the buttons that copy."""
STUCK = """() => [...document.querySelectorAll("main form")]
  .filter(form => form.checkVisibility())
  .filter(form => ![...form.elements].some(each => each.type == "submit" && each.checkVisibility()))
  .map(form => form.outerHTML.slice(0, 300))"""
"""Forms that nothing sends."""


@pytest.fixture
def firefox_without_script(firefox: Firefox) -> Iterator[Firefox]:
    firefox.allow_script(False)
    yield firefox
    firefox.allow_script(True)


async def test_a_survey_is_published_in_chromium(open_page: OpenPage, tmp_path: Path) -> None:
    page = (await open_page(java_script_enabled=False)).page
    await check_published(InChromium(page), tmp_path)


@pytest.mark.nightly
async def test_a_survey_is_published_in_firefox(
    firefox_without_script: Firefox, tmp_path: Path
) -> None:
    await check_published(InFirefox(firefox_without_script), tmp_path)


async def test_every_page_says_the_same_and_every_form_has_its_button(
    open_page: OpenPage, house: House
) -> None:
    usual = (await open_page()).page
    plain = (await open_page(java_script_enabled=False)).page
    read = 0
    for page in (usual, plain):
        await house.enter(page.context)
    for route in console_routes("GET"):
        address = house.url + route.at(house.ids, house.slug)
        reply = await plain.context.request.get(address)
        if 'id="sections"' not in (await reply.body()).decode(errors="replace"):
            continue  # a file, or a page in the looks of a survey
        for page in (usual, plain):  # the very same document: codes are drawn with each
            await page.route(address, functools.partial(send, reply))
            await page.goto(address)
        assert not await plain.evaluate(STUCK), route
        missing = set(await usual.evaluate(READ)) - set(await plain.evaluate(READ))
        assert not missing, route
        read += 1
    assert read


async def send(reply: APIResponse, asked: Route) -> None:
    """Give what was fetched before."""
    await asked.fulfill(response=reply)


async def check_published(driver: Driver, folder: Path) -> None:
    """From an empty server to a survey that answers, and to codes for twelve stores."""
    person = Paced(driver)
    with serving(folder) as live:
        await set_up(person, live.run_inside(make_setup_link))
        await publish_first(person)
        await print_codes(person)
        assert len(live.call("GET", "/v1/place-codes")["place_codes"]) == len(STORES)
        await person.open(f"{live.url}/s/{TEMPLATE}", "answer it", "How likely is it")

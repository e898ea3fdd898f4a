"""What people do in the console from beginning to end, in real browsers, at a person's pace."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from either_browser import NOTES, InChromium, InFirefox, Visitor
from firefox import Firefox
from host_site import HostSite
from live_server import serving
from paced import Look, Paced, Step, told
from playwright.async_api import Browser
from small_pictures import save

from harken_server.workspaces.people.new_people import make_setup_link

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "console-stories.md"
PICTURES = Path(__file__).parents[2] / "docs" / "console"
SIZES = ((1280, 900), (390, 780))
PASSWORD = "three plain words"
WORDS = "All good"
TEMPLATE = "Your feedback"
SURVEY: dict[str, Any] = {
    "key": "visit", "title": "Your visit", "touchpoints": ["store.visit"],
    "questions": [{"type": "nps", "key": "recommend", "text": "How likely to recommend us?"}],
}  # fmt: skip
STORES = tuple(f"Oslo {number}" for number in range(1, 13))


@pytest.fixture
def site() -> Iterator[HostSite]:
    opened = HostSite()
    yield opened
    opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def in_chromium(browser: Browser) -> AsyncIterator[InChromium]:
    context = await browser.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    page = await context.new_page()
    page.on("dialog", lambda asked: asyncio.ensure_future(asked.accept()))
    yield InChromium(page)
    await context.close()


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


async def check_marketer(person: Paced, site: HostSite, folder: Path) -> None:
    """Set up, choose a template, publish, paste the tag, and answer on the page."""
    with serving(folder) as live:
        await set_up(person, live.run_inside(make_setup_link))
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
        visitor = Visitor(person.driver)
        await visitor.until("return document.querySelector('harken-survey')")
        await person.act("open the page", reads=1)
        await answer(person, visitor)
        (survey,) = live.call("GET", "/v1/surveys")["surveys"]
        (response,) = live.responses(survey["key"])
        assert response["channel"] == "widget"
    assert person.seconds <= 120, told(person.steps)
    check_told("marketer", person)


async def check_manager(person: Paced, folder: Path) -> None:
    """From the console's home to a sheet of labels."""
    with serving(folder) as live:
        live.push(SURVEY)
        await set_up(person, live.run_inside(make_setup_link))
        person.steps.clear()  # they are signed in when the story begins
        await person.press("Share", "Link and QR code")
        await person.press("Stores and tills", "No codes yet")
        await person.type("Stores and tills", "\n".join(STORES))
        await person.press("Check the list", "12 places get a code each")
        await person.press("Make 12 codes", "Codes in use", picture="codes")
        await person.press("Page to print", STORES[-1])
        shown = await person.driver.run("return document.body.innerText")
        assert all(store in shown for store in STORES)
        assert len(live.call("GET", "/v1/place-codes")["place_codes"]) == len(STORES)
    assert person.seconds <= 60, told(person.steps)
    check_told("manager", person)


async def set_up(person: Paced, link: str | None) -> None:
    """Make the first owner's account, and arrive at home."""
    assert link is not None
    await person.open(link, "open the set-up link", "Set up Harken")
    await person.type("Your name", "Kim Berg")
    await person.type("E-mail", "kim@shop.example")
    await person.type("Password", PASSWORD)
    await person.type("Name of the workspace", "Berg")
    await person.press("Set up", "Home", picture="home")


async def publish_first(person: Paced) -> None:
    """Begin with a template as it is, and publish it."""
    await person.press("Surveys", "No survey yet")
    await person.press("Choose a template", "Begin with a template", picture="templates")
    await person.press(TEMPLATE, "What it asks")
    await person.press("Begin", "Save draft")
    await person.press("Review and publish", "Its first version", picture="publish")
    await person.press("Publish", "Link and QR code", picture="share")


async def answer(person: Paced, visitor: Visitor) -> None:
    """Open the widget at the page's edge, answer, and be thanked."""
    await visitor.press("[part='tab']")
    await visitor.told("shown")
    await visitor.press("label:has(input[type=radio])")
    await visitor.press("button.go")
    await visitor.press("textarea")
    await visitor.type(WORDS)
    await visitor.press("button.go")
    await visitor.press("button.go")
    await visitor.told("submitted")
    person.steps.append(Step("answer it in the widget", 6, len(WORDS), 4))


def camera(chromium: InChromium) -> Look:
    """Takes the pictures of `docs/console`, on a desk and on a phone, when they are recorded."""

    async def take(name: str) -> None:
        if not os.environ.get("HARKEN_TEST_RECORD"):
            return
        for width, height in SIZES:
            await chromium.page.set_viewport_size({"width": width, "height": height})
            save(await chromium.page.screenshot(), PICTURES / f"{name}-{width}.png")
        await chromium.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})

    return take


def check_told(name: str, person: Paced) -> None:
    """The page of the documents has these very steps; HARKEN_TEST_RECORD=1 writes them anew."""
    text = PAGE.read_text("utf-8")
    place = re.compile(rf"(?<=<!-- story: {name} -->\n).*?(?=<!-- end -->)", re.DOTALL)
    assert place.search(text), f"{PAGE} has no place for the story of the {name}"
    table = f"{told(person.steps)}\n"
    if os.environ.get("HARKEN_TEST_RECORD"):
        PAGE.write_text(place.sub(lambda _: table, text, count=1), "utf-8")
        return
    assert place.search(text)[0] == table  # type: ignore[index]

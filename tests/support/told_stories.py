"""Stories of the console: how they begin, and the page and the pictures that tell them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from either_browser import InChromium
from paced import Look, Paced, told
from playwright.async_api import Page
from small_pictures import save

from harken_server.surveys.gallery import read_gallery

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "console-stories.md"
PICTURES = Path(__file__).parents[2] / "docs" / "console"
SIZES = ((1280, 900), (390, 780))
OWNER, EMAIL, PASSWORD = "Kim Berg", "kim@shop.example", "three plain words"
FRAMES_SEEN = """() => [...document.querySelectorAll("iframe")]
  .filter(frame => frame.getBoundingClientRect().top < innerHeight)
  .map(frame => frame.contentDocument)
  .every(page => !page || (page.readyState == "complete" && page.body.childElementCount))"""
"""Whether pages within the page are there, as far as they are in sight and let us look."""
TEMPLATE = "nps"
STORES = tuple(f"Oslo {number}" for number in range(1, 13))


async def set_up(person: Paced, link: str | None, *, picture: str = "") -> None:
    """Make the first owner's account, and arrive at home."""
    assert link is not None
    await person.open(link, "open the set-up link", "Set up Harken")
    await person.type("Your name", OWNER)
    await person.type("E-mail", EMAIL)
    await person.type("Password", PASSWORD)
    await person.type("Name of the workspace", "Berg")
    await person.press("Set up", "Home", picture=picture)


async def publish_first(person: Paced) -> None:
    """Begin with a template as it is, and publish it."""
    await person.press("Surveys", "No survey yet")
    await person.press("Choose a template", "Begin with a template", picture="templates")
    title = read_gallery()[TEMPLATE].title
    await person.press(title, f"“{title}” as people see it")
    await person.press("Begin with this", "What it asks")
    await person.press("Begin", "Save draft")
    await person.press("Review and publish", "Its first version", picture="publish")
    await person.press("Publish", "Link and QR code", picture="share")


async def print_codes(person: Paced) -> None:
    """From any page of the console to a sheet of labels, for the one survey that there is."""
    await person.press("Share", "Link and QR code")
    await person.press("Stores and tills", "No codes yet")
    await person.type("Stores and tills", "\n".join(STORES))
    await person.press("Check the list", "12 places get a code each")
    await person.press("Make 12 codes", "Codes in use", picture="codes")
    await person.press("Page to print", "Print this page")


def camera(chromium: InChromium) -> Look:
    """Takes the pictures of `docs/console`, on a desk and on a phone, when they are recorded.

    At other times it sees to it that they are there.
    """

    async def take(name: str) -> None:
        if not os.environ.get("HARKEN_TEST_RECORD"):
            for width, _ in SIZES:
                assert (PICTURES / f"{name}-{width}.png").exists(), f"record the picture of {name}"
            return
        for size in SIZES:
            await resize(chromium.page, size)
            await chromium.page.wait_for_function(FRAMES_SEEN)
            save(await chromium.page.screenshot(), PICTURES / f"{name}-{size[0]}.png")
        await resize(chromium.page, SIZES[0])

    return take


async def resize(page: Page, size: tuple[int, int]) -> None:
    """Make the window so large, and wait until the page is laid out in it."""
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.wait_for_function("width => innerWidth == width", arg=size[0])
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => done()))")


def check_told(name: str, person: Paced) -> None:
    """The page of the documents has these very steps; HARKEN_TEST_RECORD=1 writes them anew."""
    text = PAGE.read_text("utf-8")
    place = re.compile(rf"(?<=<!-- story: {name} -->\n).*?(?=<!-- end -->)", re.DOTALL)
    found = place.search(text)
    assert found is not None, f"{PAGE} has no place for the story of the {name}"
    table = f"{told(person.steps)}\n"
    if os.environ.get("HARKEN_TEST_RECORD"):
        PAGE.write_text(place.sub(lambda _: table, text, count=1), "utf-8")
        return
    assert found[0] == table

"""Stories of the console: how they begin, and the page and the pictures that tell them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from either_browser import InChromium
from paced import Look, Paced, told
from small_pictures import save

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "console-stories.md"
PICTURES = Path(__file__).parents[2] / "docs" / "console"
SIZES = ((1280, 900), (390, 780))
OWNER, EMAIL, PASSWORD = "Kim Berg", "kim@shop.example", "three plain words"


async def set_up(person: Paced, link: str | None, *, picture: str = "") -> None:
    """Make the first owner's account, and arrive at home."""
    assert link is not None
    await person.open(link, "open the set-up link", "Set up Harken")
    await person.type("Your name", OWNER)
    await person.type("E-mail", EMAIL)
    await person.type("Password", PASSWORD)
    await person.type("Name of the workspace", "Berg")
    await person.press("Set up", "Home", picture=picture)


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
    found = place.search(text)
    assert found is not None, f"{PAGE} has no place for the story of the {name}"
    table = f"{told(person.steps)}\n"
    if os.environ.get("HARKEN_TEST_RECORD"):
        PAGE.write_text(place.sub(lambda _: table, text, count=1), "utf-8")
        return
    assert found[0] == table

"""The pictures of the console in the documents are small, shown, and taken by its stories."""

from __future__ import annotations

import re
from pathlib import Path

from small_pictures import MAX_BYTES
from told_stories import PICTURES, SIZES

TESTS = Path(__file__).parents[1]
TAKEN = re.compile(r"picture=\"(\w+)\"")


def test_every_picture_of_the_console_is_small_and_shown() -> None:
    pages = "".join(page.read_text("utf-8") for page in PICTURES.parent.rglob("*.md"))
    pictures = sorted(PICTURES.glob("*.png"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < MAX_BYTES, picture.name
        assert f"console/{picture.name}" in pages, picture.name


def test_the_pictures_of_the_console_are_those_that_its_stories_take() -> None:
    told = [*(TESTS / "console").glob("*.py"), *(TESTS / "support").glob("*.py")]
    names = {name for each in told for name in TAKEN.findall(each.read_text("utf-8"))}

    taken = {f"{name}-{width}.png" for name in names for width, _ in SIZES}

    assert {picture.name for picture in PICTURES.glob("*.png")} == taken

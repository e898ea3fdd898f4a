"""The pictures of the console in the documents are small, and each is shown somewhere."""

from __future__ import annotations

from pathlib import Path

from small_pictures import MAX_BYTES

DOCS = Path(__file__).parents[2] / "docs"


def test_every_picture_of_the_console_is_small_and_shown() -> None:
    pages = "".join(page.read_text("utf-8") for page in DOCS.rglob("*.md"))
    pictures = sorted((DOCS / "console").glob("*.png"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < MAX_BYTES, picture.name
        assert f"console/{picture.name}" in pages, picture.name

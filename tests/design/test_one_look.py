"""One look: pages name no colour, size or space of their own, and nothing in them is inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harken_server.design.pages import render

SERVER = Path(__file__).parents[2] / "server/harken_server"
RESPONDENTS = (
    "channels/page",
    "channels/kiosk",
    "channels/receipts",
    "channels/email/message",
    *(
        f"channels/email/serve/templates/{name}.html"
        for name in ("choices", "page", "saved", "stop", "stopped", "unknown")
    ),
)
"""Pages and mails of those who answer: a brand's colours, and an issue of their own."""
A_SHOP = ("channels/widget/templates/preview.html", "channels/widget/static/preview.css")
"""A site of somebody else's, made up for the widget to be seen in."""
A_SHEET = ("insights/report/templates/report.html",)
"""A page that is saved and sent as one file: the style sheet of the house stands in it."""
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!;)|\b(?:rgb|hsl|oklch|lab)a?\(")
INLINE = re.compile(
    r"<style|\bstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=|\b(?:fill|stroke)=[\"'](?!none|currentColor)"
)


def moved() -> list[str]:
    """Templates and style sheets of the pages that have moved in."""
    names = [
        path.relative_to(SERVER).as_posix()
        for path in sorted(SERVER.rglob("*"))
        if path.suffix in {".html", ".css"}
    ]
    return [name for name in names if not name.startswith((*RESPONDENTS, *A_SHOP, "design/"))]


@pytest.mark.parametrize("name", moved())
def test_a_page_names_no_colour_and_holds_nothing_inline(name: str) -> None:
    path = SERVER / name
    text = re.sub(r"href=\"#[^\"]*\"|\"#[a-z-]+\"", "", path.read_text("utf-8"))

    assert path.suffix != ".css", "style sheets stand in `design/styles`"
    assert COLOUR.findall(text) == []
    assert INLINE.findall(text) == (["<style"] if name in A_SHEET else [])


@pytest.mark.parametrize("name", moved())
def test_code_stands_in_its_frame_which_never_widens_a_page(name: str) -> None:
    text = (SERVER / name).read_text("utf-8")

    assert len(re.findall("<pre", text)) == len(re.findall('<div class="code[^"]*"><pre', text))


@pytest.mark.parametrize("name", [*RESPONDENTS, *A_SHOP])
def test_what_is_left_out_is_still_there(name: str) -> None:
    assert (SERVER / name).exists()


def test_hostile_texts_are_inert_in_every_component() -> None:
    hostile = "\"'><script>alert(1)</script>{{ 7*7 }}"
    page = render(Path(__file__).parent, "every_component.html", h=hostile)

    assert "<script" not in page
    assert "'><" not in page
    assert "49" not in page


def test_what_was_typed_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text(
        '{% from "macros.html" import field %}{{ field("T", "t", text, rows=3, error="Long.") }}',
        "utf-8",
    )

    page = render(tmp_path, "one.html", text="\n two\nlines ")

    assert ">\n\n two\nlines </textarea>" in page
    assert 'aria-invalid="true" aria-describedby="f-t-error"' in page

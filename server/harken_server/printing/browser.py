"""The page that the browser prints: it has the letters of every script, and saves as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harken_server.design.pages import POLICY, render
from harken_server.http.pages import Document
from harken_server.printing.letters import is_right_to_left
from harken_server.printing.pdf import letters_lacking
from harken_server.printing.sheets import Page
from harken_server.qr.pictures import QUIET_ZONE, make_symbol, stroke_path

_FOLDER = Path(__file__).parent / "templates"


def print_page(pages: Sequence[Page], title: str, paper: str, back: str) -> Document:
    """All pages below one another, each on a sheet of its own when printed.

    `paper` is the class of its size: `a4`, `a5`, `a6` or `letter`.
    """
    body = render(
        _FOLDER, "print.html", title=title, pages=pages, paper=paper, back=back,
        symbol=make_symbol, stroke_path=stroke_path, quiet=QUIET_ZONE,
        is_right_to_left=is_right_to_left, lacking=letters_lacking(pages),
    )  # fmt: skip
    return Document(body.encode(), POLICY, locale="en")

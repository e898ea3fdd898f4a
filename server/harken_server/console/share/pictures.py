"""Files of a survey's link: its QR as PNG and SVG, and a poster. Reading makes nothing."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from harken_server.channels.receipts.console.files import PRINT_SCALE
from harken_server.console.share.ways import (
    MAX_LINE,
    PAPER_CHOICES,
    POSTER_LINE,
    require_live,
    short_url_of,
)
from harken_server.http.pages import Shown, download
from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.kernel.shown_text import hidden_character
from harken_server.printing import pdf
from harken_server.printing.browser import print_page
from harken_server.printing.sheets import Page, Sign, poster
from harken_server.qr.pictures import qr_png, qr_svg
from harken_server.surveys.sharing import SURVEY, Shared, open_shared
from harken_server.workspaces.signed_in import Visit, page


@page(SURVEY + "/qr.png", right="edit")
async def qr_as_png(visit: Visit, survey: str) -> Shown:
    """The QR of the link, for any program."""
    shared = await open_shared(visit, survey)
    content = qr_png(short_url_of(shared), scale=PRINT_SCALE)
    return download(f"{shared.key}-qr.png", "image/png", content)


@page(SURVEY + "/qr.svg", right="edit")
async def qr_as_svg(visit: Visit, survey: str) -> Shown:
    """The QR of the link, sharp at any size."""
    shared = await open_shared(visit, survey)
    return download(f"{shared.key}-qr.svg", "image/svg+xml", qr_svg(short_url_of(shared)))


@page(SURVEY + "/poster.pdf", right="edit")
async def poster_file(visit: Visit, survey: str) -> Shown:
    """A poster as PDF."""
    shared = await open_shared(visit, survey)
    drawn, paper = _poster(shared)
    if pdf.letters_lacking([drawn]):
        return visit.to(shared.path(f"/poster?{urlencode(visit.said())}"))
    content = await asyncio.to_thread(pdf.pages_pdf, [drawn], shared.title)
    return download(f"{shared.key}-poster-{paper}.pdf", pdf.MEDIA_TYPE, content)


@page(SURVEY + "/poster", right="edit")
async def poster_page(visit: Visit, survey: str) -> Shown:
    """The same poster for the browser to print."""
    shared = await open_shared(visit, survey)
    drawn, paper = _poster(shared)
    return print_page([drawn], shared.title, paper, shared.at())


def _poster(shared: Shared) -> tuple[Page, str]:
    """As the address wishes. InvalidInputError for a line that is too long or holds more."""
    require_live(shared)
    said = shared.visit.said()
    line = said.get("line", POSTER_LINE).strip()
    _check_line(line)
    wanted = said.get("paper", "")
    paper = next((name for name, _ in PAPER_CHOICES if name == wanted), "a4")
    return poster(Sign(shared.title, line, short_url_of(shared)), paper), paper


def _check_line(line: str) -> None:
    message = ""
    if len(line) > MAX_LINE:
        message = f"The line below has at most {MAX_LINE} characters, not {len(line)}."
    elif hidden := hidden_character(line):
        message = f"The line below holds {hidden}, which cannot be seen."
    if message:
        raise InvalidInputError(message, (Problem("$.line", "length", message, limit=MAX_LINE),))

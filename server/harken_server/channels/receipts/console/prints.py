"""Files to print for the places of a survey: a ZIP, labels and posters. Reading makes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlencode

from harken_server.channels.receipts.console.files import signs_of, zip_of
from harken_server.channels.receipts.console.places import PLACES, list_places
from harken_server.channels.receipts.rules.places import PlaceCode
from harken_server.http.pages import Shown, download
from harken_server.kernel.errors import NotFoundError
from harken_server.printing import pdf
from harken_server.printing.browser import print_page
from harken_server.printing.sheets import GRIDS, PAPERS, Page, labels, posters
from harken_server.surveys.sharing import Shared, open_shared
from harken_server.workspaces.signed_in import Visit, page

_INVITED = "Scan to tell us what you think"


@page(PLACES + "/codes.zip", right="edit")
async def download_zip(visit: Visit, survey: str) -> Shown:
    """A PNG and an SVG for each place."""
    shared = await open_shared(visit, survey)
    places = await list_places(shared)
    if not places:
        return _nothing(shared)
    content = await asyncio.to_thread(zip_of, visit.runtime, places)
    return download(f"{shared.key}-codes.zip", "application/zip", content)


@page(PLACES + "/{print:str}", right="edit")
async def show_print(visit: Visit, survey: str, print: str) -> Shown:  # noqa: A002  # as in the path
    """`labels` and `posters`: sheets for the browser to print, and with `.pdf` as a file."""
    shared = await open_shared(visit, survey)
    name, _, kind = print.partition(".")
    draw = _DRAWN.get(name)
    if draw is None or kind not in {"", "pdf"}:
        raise NotFoundError("There is no such page.", code="page_unknown")
    places = await list_places(shared)
    if not places:
        return _nothing(shared)
    pages, paper = await asyncio.to_thread(draw, shared, places)
    if not kind:
        return await asyncio.to_thread(print_page, pages, shared.title, paper, shared.at("/places"))
    if pdf.letters_lacking(pages):
        return visit.to(shared.path(f"/places/{name}?{urlencode(visit.said())}"))
    content = await asyncio.to_thread(pdf.pages_pdf, pages, shared.title)
    return download(f"{shared.key}-{name}.pdf", pdf.MEDIA_TYPE, content)


def _labels(shared: Shared, places: Sequence[PlaceCode]) -> tuple[list[Page], str]:
    wanted = shared.visit.said().get("sheet", "")
    name = wanted if wanted in GRIDS else "l7160"
    signs = signs_of(shared.visit.runtime, places)
    return labels(signs, GRIDS[name]), "letter" if name == "5160" else "a4"


def _posters(shared: Shared, places: Sequence[PlaceCode]) -> tuple[list[Page], str]:
    wanted = shared.visit.said().get("paper", "")
    paper = wanted if wanted in PAPERS else "a6"
    return posters(signs_of(shared.visit.runtime, places, _INVITED), paper), paper


_DRAWN = {"labels": _labels, "posters": _posters}


def _nothing(shared: Shared) -> Shown:
    said = "There is nothing to print yet: add stores and tills first."
    return shared.visit.to(shared.path("/places"), said=said)

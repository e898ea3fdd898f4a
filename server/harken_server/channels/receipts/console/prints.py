"""Files to print for the places of a survey: a ZIP, labels and posters. Reading makes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from harken_server.channels.receipts.console.files import signs_of, zip_of
from harken_server.channels.receipts.console.places import PLACES, list_places
from harken_server.http.header_values import attachment
from harken_server.http.packed import Reply
from harken_server.http.pages import PRIVATE, Shown
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
    _require(places)
    content = await asyncio.to_thread(zip_of, visit.runtime, places)
    return _file(f"{shared.key}-codes.zip", "application/zip", content)


@page(PLACES + "/labels.pdf", right="edit")
async def labels_file(visit: Visit, survey: str) -> Shown:
    """Sheets of labels as PDF."""
    shared = await open_shared(visit, survey)
    draw, _ = await _labels(shared)
    content = await asyncio.to_thread(lambda: pdf.pages_pdf(draw(), shared.title))
    return _file(f"{shared.key}-labels.pdf", pdf.MEDIA_TYPE, content)


@page(PLACES + "/labels", right="edit")
async def labels_page(visit: Visit, survey: str) -> Shown:
    """Sheets of labels for the browser to print."""
    shared = await open_shared(visit, survey)
    draw, paper = await _labels(shared)
    return await _printed(shared, draw, paper)


@page(PLACES + "/posters.pdf", right="edit")
async def posters_file(visit: Visit, survey: str) -> Shown:
    """A poster for each place as PDF."""
    shared = await open_shared(visit, survey)
    draw, _ = await _posters(shared)
    content = await asyncio.to_thread(lambda: pdf.pages_pdf(draw(), shared.title))
    return _file(f"{shared.key}-posters.pdf", pdf.MEDIA_TYPE, content)


@page(PLACES + "/posters", right="edit")
async def posters_page(visit: Visit, survey: str) -> Shown:
    """A poster for each place, for the browser to print."""
    shared = await open_shared(visit, survey)
    draw, paper = await _posters(shared)
    return await _printed(shared, draw, paper)


async def _labels(shared: Shared) -> tuple[Callable[[], list[Page]], str]:
    places = await list_places(shared)
    _require(places)
    wanted = shared.visit.said().get("sheet", "")
    name = next((each for each in GRIDS if each == wanted), "l7160")
    signs = signs_of(shared.visit.runtime, places)
    return lambda: labels(signs, GRIDS[name]), "letter" if name == "5160" else "a4"


async def _posters(shared: Shared) -> tuple[Callable[[], list[Page]], str]:
    places = await list_places(shared)
    _require(places)
    wanted = shared.visit.said().get("paper", "")
    paper = next((each for each in PAPERS if each == wanted), "a6")
    signs = signs_of(shared.visit.runtime, places, _INVITED)
    return lambda: posters(signs, paper), paper


async def _printed(shared: Shared, draw: Callable[[], list[Page]], paper: str) -> Shown:
    back = shared.at("/places")
    return await asyncio.to_thread(lambda: print_page(draw(), shared.title, paper, back))


def _require(places: object) -> None:
    if not places:
        raise NotFoundError(
            "There is nothing to print yet: add stores and tills first.", code="nothing_to_print"
        )


def _file(name: str, media_type: str, content: bytes) -> Reply:
    headers = {**PRIVATE, "content-type": media_type, "content-disposition": attachment(name)}
    return Reply(200, headers, content)

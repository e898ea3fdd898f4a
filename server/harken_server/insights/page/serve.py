"""The results page behind a signed read-only link, and the files of each of its pictures."""

from harken_server.http.declared import Arrival
from harken_server.http.pages import Document, Reader, Shown, page
from harken_server.insights.page.access import Returning, open_results, open_returning
from harken_server.insights.page.opened import OpenResults, follow_page, turn_of
from harken_server.insights.page.reading import read_view
from harken_server.insights.page.result_files import read_file
from harken_server.insights.page.results_page import render_notice, render_results


def _refuse(_: Arrival) -> Document:
    """One answer for a wrong, an expired and a forged link: nothing is told apart."""
    return render_notice(
        "This results link is not valid",
        "It may have expired, or a part of it got lost. Ask whoever sent it for a new one.",
        403,
    )


RESULTS = Reader(open_results, _refuse)
STAYING = Reader(open_returning, _refuse)


@page("/results/{survey:str}", reader=RESULTS)
async def show_results(opened: OpenResults) -> Shown:
    """Scores, distributions, trends and comments of one survey, read-only."""
    async with turn_of(opened):
        return render_results(await read_view(opened))


@page("/results/{survey:str}/live", reader=STAYING)
async def follow_results(staying: Returning) -> Shown:
    """Word of new answers while the page is open, as server-sent events."""
    opened = staying.opened
    return await follow_page(opened, staying.arrival, opened.token, staying.may_still)


@page("/results/{survey:str}/{file:str}", reader=RESULTS)
async def show_file(opened: OpenResults, file: str) -> Shown:
    """A table as CSV (scores, ratings, trend, choices, breakdown, comments) or its picture as SVG,
    with the page's filter.
    """
    async with turn_of(opened):
        found = await read_file(opened, file)
    text = "Go back to the results and try again."
    return found or render_notice("There is no such file", text, 404)

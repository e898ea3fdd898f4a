"""Results in the console: every survey's score, and everything of one survey."""

from functools import partial
from urllib.parse import quote

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.pages import Shown
from harken_server.http.problems import ForbiddenError
from harken_server.insights.console.first_answers import sharing_of
from harken_server.insights.console.journeys import journey_links
from harken_server.insights.console.survey_lines import AT_ONCE, survey_lines
from harken_server.insights.page.access import results_of
from harken_server.insights.page.opened import OpenResults, follow_page, turn_of
from harken_server.insights.page.reading import read_view
from harken_server.insights.page.result_files import read_file
from harken_server.insights.page.results_page import TEMPLATES, results_parts
from harken_server.insights.page.selection import (
    DEFAULT_PRESET,
    EVERYTHING,
    Selection,
    read_selection,
)
from harken_server.insights.report.reading import ON_A_SHEET
from harken_server.insights.rules.figures import NOTHING
from harken_server.kernel.errors import NotFoundError
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.store.surveys import list_surveys
from harken_server.workspaces.people.rules import Reach
from harken_server.workspaces.people.visit import open_visit
from harken_server.workspaces.signed_in import Visit, page

RESULTS = "/results"


@page(RESULTS, right="see", is_scoped=True)
async def show_list(visit: Visit) -> Shown:
    """Each survey's first score over the last 90 days."""
    records = [] if _is_unassigned(visit) else await list_surveys(visit.db, visit.workspace_id)
    start = _number(visit.said().get("from", ""), len(records))
    async with visit.runtime.of(HeavyReads).turn("reckoning", visit.workspace_id):
        rows = await survey_lines(visit, records[start : start + AT_ONCE])
    more, is_first = start + AT_ONCE, start == 0
    return visit.render(
        TEMPLATES,
        "results_list.html",
        title="Results",
        days=DEFAULT_PRESET,
        rows=rows,
        printed=[record.key for record in records[start : start + ON_A_SHEET]],
        journeys=await journey_links(visit),
        nothing=NOTHING,
        is_unassigned=_is_unassigned(visit),
        older=f"{visit.path(RESULTS)}?from={more}" if more < len(records) else "",
        newer="" if is_first else f"{visit.path(RESULTS)}?from={max(start - AT_ONCE, 0)}",
    )


@page(RESULTS + "/{survey:str}", right="see", is_scoped=True)
async def show_survey(visit: Visit, survey: str) -> Shown:
    """Everything of the page behind a link, with no more than the visitor may see."""
    opened = await _open(visit, survey)
    async with turn_of(opened):
        view = await read_view(opened)
    parts = results_parts(view)
    parts["share"] = await sharing_of(visit, opened.loaded, view)
    crumbs = (("Results", visit.path(RESULTS)),)
    return visit.render(TEMPLATES, "survey_results.html", crumbs=crumbs, key=survey, **parts)


@page(RESULTS + "/{survey:str}/live", right="see", is_scoped=True)
async def follow_survey(visit: Visit, survey: str) -> Shown:
    """Word of new answers while the page is open, as server-sent events."""
    opened = await _open(visit, survey)
    return await follow_page(opened, visit.arrival, visit.session.id, partial(_may_still, visit))


@page(RESULTS + "/{survey:str}/{file:str}", right="see", is_scoped=True)
async def show_file(visit: Visit, survey: str, file: str) -> Shown:
    """A CSV file of what the page shows."""
    opened = await _open(visit, survey)
    if file == "comments.csv" and not opened.reads_comments:
        raise ForbiddenError(
            "Your role does not reach what people wrote; ask an owner of the workspace.",
            code="forbidden_role",
        )
    async with turn_of(opened):
        found = await read_file(opened, file)
    if found is None:
        raise NotFoundError("There is no such file; go back to the results.", code="not_found")
    return found


async def _open(visit: Visit, survey: str) -> OpenResults:
    """Raises NotFoundError, and ForbiddenError for stores and touchpoints out of reach."""
    loaded = await visit.runtime.of(Catalog).find(survey, visit.workspace)
    reach, query = visit.reach or EVERYTHING, visit.said()
    if _is_unassigned(visit):
        raise ForbiddenError(
            "You see the results of your stores and touchpoints, and none is assigned to you yet; "
            "ask an owner of the workspace.",
            code="forbidden_reach",
        )
    _require_reach(reach, read_selection(query))
    return await results_of(
        visit.runtime,
        loaded,
        query,
        path=visit.path(f"{RESULTS}/{quote(survey)}"),
        reads_comments=visit.may("read"),
        reach=reach,
    )


async def _may_still(visit: Visit) -> bool:
    """Whether they are signed in as they were, and see what they saw."""
    again = await open_visit(visit.arrival)
    if again is None or again.workspace_id != visit.workspace_id:
        return False
    return again.may("see") and again.reach == visit.reach


def _require_reach(reach: Reach, selection: Selection) -> None:
    chosen = (
        ("store", selection.store, reach.stores),
        ("touchpoint", selection.touchpoint, reach.touchpoints),
    )
    for name, value, own in chosen:
        if value and own and value not in own:
            raise ForbiddenError(
                f"The {name} {value!r} is none of yours; choose among {', '.join(own)}.",
                code="forbidden_reach",
            )


def _is_unassigned(visit: Visit) -> bool:
    return visit.reach == EVERYTHING


def _number(text: str, most: int) -> int:
    """Where the page begins; what makes no sense counts as not given."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if is_number else 0

"""Results in the console: every survey's score, and everything of one survey."""

from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.pages import Shown
from harken_server.http.problems import ForbiddenError
from harken_server.insights.page.access import count_filter, read_selection, results_of
from harken_server.insights.page.reading import (
    EVERYTHING,
    OpenResults,
    read_file,
    read_view,
    turn_of,
)
from harken_server.insights.page.results_page import TEMPLATES, results_parts
from harken_server.insights.page.view import DEFAULT_PRESET, Selection
from harken_server.insights.page.words import name_metric
from harken_server.insights.read.scores import read_first_score
from harken_server.insights.read.withheld import read_hidden
from harken_server.insights.rules.figures import NOTHING, show_day_near, show_score
from harken_server.insights.rules.hidden import say_hidden
from harken_server.insights.store.people_sql import MOST_RESPONSES, count_days
from harken_server.kernel.errors import NotFoundError
from harken_server.responses.response import CountFilter
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.store.surveys import list_surveys
from harken_server.surveys.titles import title_of
from harken_server.workspaces.people.rules import Reach
from harken_server.workspaces.signed_in import Visit, page

AT_ONCE = 25
"""Surveys on a page of the list."""
RESULTS = "/results"


class SurveyLine(NamedTuple):
    """A survey in the list."""

    title: str
    href: str
    status: str
    metric: str
    score: str
    interval: str
    n: str
    last: str


@page(RESULTS, right="see", is_scoped=True)
async def show_list(visit: Visit) -> Shown:
    """Each survey's first score over the last 90 days."""
    records = [] if _is_unassigned(visit) else await list_surveys(visit.db, visit.workspace_id)
    start = _number(visit.said().get("from", ""), len(records))
    async with visit.runtime.of(HeavyReads).turn("reckoning", visit.workspace_id):
        rows = [await _line(visit, each) for each in records[start : start + AT_ONCE]]
    more, is_first = start + AT_ONCE, start == 0
    return visit.render(
        TEMPLATES,
        "results_list.html",
        title="Results",
        days=DEFAULT_PRESET,
        rows=rows,
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
        parts = results_parts(await read_view(opened))
    crumbs = (("Results", visit.path(RESULTS)),)
    return visit.render(TEMPLATES, "survey_results.html", crumbs=crumbs, key=survey, **parts)


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


async def _line(visit: Visit, record: SurveyRecord) -> SurveyLine:
    loaded = await visit.runtime.of(Catalog).load(visit.workspace, record)
    now = visit.now()
    selection = count_filter(Selection(), now, visit.reach or EVERYTHING)
    score, last = await read_first_score(
        visit.db, visit.workspace_id, record.id, loaded.survey, selection
    )
    hidden = await read_hidden(visit.db, loaded)
    is_known = score is not None and score.score is not None
    if score is None:
        n, last = await _answered(visit, record, selection, last)
    else:
        n = f"{score.n:,}"
    return SurveyLine(
        title=title_of(loaded.survey),
        href=visit.path(f"{RESULTS}/{quote(record.key)}"),
        status=record.status,
        metric=name_metric(score) if score and is_known else "",
        score=show_score(score.score, score.unit) if score else NOTHING,
        interval=f"{show_score(score.low, score.unit)} to {show_score(score.high, score.unit)}"
        if score and is_known
        else NOTHING,
        n=say_hidden(hidden) if hidden and not (score and score.n) else n,
        last=show_day_near(last, now.date()) if last else NOTHING,
    )


async def _answered(
    visit: Visit, record: SurveyRecord, selection: CountFilter, counted: date | None
) -> tuple[str, date | None]:
    """How many answered a survey without a score, and the day of the last one, where it is known.

    Texts are in no count.
    """
    days = await count_days(visit.db, visit.workspace_id, record.id, selection)
    if days is None:
        return f"Over {MOST_RESPONSES:,}", counted
    return f"{sum(days.values()):,}", date.fromordinal(max(days)) if days else None


def _number(text: str, most: int) -> int:
    """Where the page begins; what makes no sense counts as not given."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if is_number else 0

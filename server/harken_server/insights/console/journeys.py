"""A journey in the console: its stages as a picture, with scores, gaps and who goes no further."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from urllib.parse import quote, urlencode

from harken_server.design.times import say_day
from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.packed import Reply
from harken_server.http.pages import PRIVATE, Shown, download
from harken_server.insights.api.comparison_files import JOURNEY_HEADS, journey_rows
from harken_server.insights.api.journey_scores import (
    JourneyScoresQuery,
    JourneyScoresReply,
    reckon_journey,
)
from harken_server.insights.page import journeys as drawn
from harken_server.insights.page.drawn import Paper
from harken_server.insights.page.pictures.journey import draw_journey
from harken_server.insights.page.result_files import CSV, SVG
from harken_server.insights.page.results_page import TEMPLATES
from harken_server.insights.page.selection import (
    PRESETS,
    Selection,
    count_filter,
    read_selection,
)
from harken_server.insights.rules.figures import count_answers, show_score
from harken_server.journeys.store import list_journeys
from harken_server.kernel.errors import NotFoundError
from harken_server.kernel.sheet_files import csv_file, style_of
from harken_server.workspaces.signed_in import Visit, page

JOURNEY = "/journeys"
PERIODS = {name: label for name, label in PRESETS.items() if name != "all"}
"""On offer here."""


class JourneyLink(NamedTuple):
    """One in the list of results."""

    title: str
    href: str


@page(JOURNEY + "/{journey:str}", right="see")
async def show_journey(visit: Visit, journey: str) -> Shown:
    """The period beside as many days before."""
    chosen = _chosen(visit)
    found = await _reckon(visit, journey, chosen)
    index, path = found.scores.index, _path(visit, journey)
    moved = drawn.say_change(found.scores.change)
    asked = urlencode({name: value for name, value in chosen.fields().items() if value})
    return visit.render(
        TEMPLATES,
        "journey_results.html",
        title=found.title,
        crumbs=(("Results", visit.path("/results")),),
        path=path,
        presets=PERIODS,
        chosen=chosen,
        first_day=found.first_day,
        last_day=found.last_day,
        days=f"{say_day(found.first_day)} to {say_day(found.last_day)}",
        value=show_score(index.value, "index"),
        interval=f"{show_score(index.low, 'index')} to {show_score(index.high, 'index')}"
        if index.n
        else "",
        n=count_answers(index.n),
        change=f"{moved} on as many days before" if moved else "",
        findings=drawn.say_findings(found.scores),
        has_people=any(stage.people for stage in found.scores.stages),
        svg=draw_journey(found.title, drawn.stages_of(found.scores, found.level)),
        table=drawn.tabulate_journey(found.scores),
        csv=f"{path}/journey.csv?{asked}",
        file=f"{path}/journey.svg?{asked}",
    )


@page(JOURNEY + "/{journey:str}/{journey_file:str}", right="see")
async def show_journey_file(visit: Visit, journey: str, journey_file: str) -> Shown:
    """The picture, or the table as CSV."""
    if journey_file not in {"journey.csv", "journey.svg"}:
        raise NotFoundError("There is no such file; go back to the journey.", code="not_found")
    found = await _reckon(visit, journey, _chosen(visit))
    if journey_file == "journey.csv":
        rows = csv_file(JOURNEY_HEADS, journey_rows(found.scores), style_of("spreadsheet"))
        return download(f"{journey}_journey.csv", CSV, rows)
    content = drawn.journey_file(found.title, found.scores, Paper(), found.level)
    return Reply(200, {**PRIVATE, "content-type": SVG}, content)


async def journey_links(visit: Visit) -> list[JourneyLink]:
    """Every journey, for whoever sees the whole house."""
    if visit.reach is not None:
        return []
    found = await list_journeys(visit.db, visit.workspace_id)
    return [JourneyLink(each.journey.title, _path(visit, each.journey.key)) for each in found]


def _path(visit: Visit, key: str) -> str:
    return visit.path(f"{JOURNEY}/{quote(key, safe='')}")


def _chosen(visit: Visit) -> Selection:
    """A period with an end: without a beginning there is nothing to compare with."""
    chosen = read_selection(visit.said())
    return Selection() if chosen.days == "all" else chosen


async def _reckon(visit: Visit, key: str, chosen: Selection) -> JourneyScoresReply:
    days = count_filter(chosen, visit.local_now())
    wanted = JourneyScoresQuery(from_=_date(days.from_day), to=_date(days.to_day))
    async with visit.runtime.of(HeavyReads).turn("reckoning", visit.workspace_id):
        return await reckon_journey(visit, key, wanted)


def _date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)

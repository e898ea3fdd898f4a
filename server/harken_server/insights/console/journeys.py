"""A journey in the console: its stages as a picture, with scores, gaps and who goes on."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from harken_server.design.times import say_day
from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.pages import Shown, download
from harken_server.insights.api.comparison_files import JOURNEY_HEADS, journey_rows
from harken_server.insights.api.journey_scores import JourneyScoresQuery, reckon_journey
from harken_server.insights.page.pictures.journey import Stage, draw_journey
from harken_server.insights.page.results_page import TEMPLATES
from harken_server.insights.page.tables import Table
from harken_server.insights.read.journey_scores import JourneyScore, StageScore
from harken_server.insights.rules.comparing.journey_scores import IndexChange
from harken_server.insights.rules.figures import NOTHING, show_number, show_score, show_share
from harken_server.journeys.store import list_journeys
from harken_server.kernel.sheet_files import csv_file, style_of
from harken_server.workspaces.signed_in import Visit, page

JOURNEY = "/journeys"


class JourneyLink(NamedTuple):
    """One in the list of results."""

    title: str
    href: str


@page(JOURNEY + "/{journey:str}", right="see")
async def show_journey(visit: Visit, journey: str) -> Shown:
    """The last 30 days beside the 30 before."""
    async with visit.runtime.of(HeavyReads).turn("reckoning", visit.workspace_id):
        found = await reckon_journey(visit, journey, JourneyScoresQuery())
    index = found.scores.index
    return visit.render(
        TEMPLATES,
        "journey_results.html",
        title=found.title,
        crumbs=(("Results", visit.path("/results")),),
        days=f"{say_day(found.first_day)} to {say_day(found.last_day)}",
        value=show_score(index.value, "index"),
        interval=f"{show_score(index.low, 'index')} to {show_score(index.high, 'index')}"
        if index.n
        else "",
        n=f"{index.n:,}",
        change=_say(found.scores.change),
        svg=draw_journey(found.title, [_stage(each) for each in found.scores.stages]),
        table=_table(found.scores),
        csv=visit.path(f"{JOURNEY}/{quote(journey, safe='')}/scores.csv"),
    )


@page(JOURNEY + "/{journey:str}/scores.csv", right="see")
async def journey_file(visit: Visit, journey: str) -> Shown:
    """The numbers of the page."""
    async with visit.runtime.of(HeavyReads).turn("reckoning", visit.workspace_id):
        found = await reckon_journey(visit, journey, JourneyScoresQuery())
    content = csv_file(JOURNEY_HEADS, journey_rows(found.scores), style_of("spreadsheet"))
    return download(f"{journey}_journey.csv", "text/csv; charset=utf-8", content)


async def journey_links(visit: Visit) -> list[JourneyLink]:
    """Every journey, for whoever sees the whole house."""
    if visit.reach is not None:
        return []
    found = await list_journeys(visit.db, visit.workspace_id)
    return [
        JourneyLink(each.journey.title, visit.path(f"{JOURNEY}/{quote(each.journey.key, safe='')}"))
        for each in found
    ]


def _stage(stage: StageScore) -> Stage:
    if stage.gap == "no survey here":
        return Stage(stage.title, going_on=_going_on(stage))
    index = stage.index
    return Stage(
        stage.title, "index", index.value, index.low, index.high, index.n,
        going_on=_going_on(stage),
    )  # fmt: skip


def _going_on(stage: StageScore) -> float | None:
    return 100 * stage.went_on / stage.people if stage.people else None


def _say(change: IndexChange | None) -> str:
    if change is None:
        return ""
    move = f"{'+' if change.by > 0 else ''}{show_number(change.by, 1)}"
    return f"{move}; could be chance" if change.could_be_chance else move


def _table(found: JourneyScore) -> Table:
    rows = tuple(
        (
            stage.title,
            touchpoint.title or touchpoint.key,
            show_score(touchpoint.index.value, "index") if touchpoint.index.n else NOTHING,
            f"{touchpoint.index.n:,}",
            touchpoint.gap or NOTHING,
            _say(stage.change) or NOTHING,
            show_share(_going_on(stage)) if stage.people else NOTHING,
        )
        for stage in found.stages
        for touchpoint in stage.touchpoints
    )
    heads = ("Stage", "Touchpoint", "Score", "Answers", "Gap", "Change of the stage", "Go on")
    return Table("Stages and touchpoints", heads, rows, 2)

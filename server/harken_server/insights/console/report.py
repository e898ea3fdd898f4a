"""The printable report, for people who are signed in."""

from datetime import date

from harken_server.http.pages import Shown
from harken_server.http.problems import ForbiddenError
from harken_server.insights.page.selection import EVERYTHING, read_selection
from harken_server.insights.report.reading import ON_A_SHEET, Wanted, names_in, read_blocks
from harken_server.insights.report.rendering import render_report
from harken_server.surveys.store.surveys import list_surveys
from harken_server.workspaces.signed_in import Visit, page


@page("/report", right="see", is_scoped=True)
async def show_report(visit: Visit) -> Shown:
    """Of the surveys that the address names, or else the first, with no more than the visitor may
    see."""
    if visit.reach == EVERYTHING:
        raise ForbiddenError(
            "You see the results of your stores and touchpoints, and none is assigned to you yet; "
            "ask an owner of the workspace.",
            code="forbidden_reach",
        )
    said = visit.said()
    first, last = _days(said)
    if "surveys" in said:
        names = names_in(said["surveys"])
    else:
        records = await list_surveys(visit.db, visit.workspace_id)
        names = tuple(record.key for record in records[:ON_A_SHEET])
    asked = Wanted(names, first, last)
    blocks = await read_blocks(
        visit.runtime, visit.workspace, asked,
        reads_comments=visit.may("read"), reach=visit.reach or EVERYTHING,
    )  # fmt: skip
    zone = visit.workspace.timezone
    return render_report(visit.workspace.name, blocks, visit.local_now(), zone)


def _days(said: dict[str, str]) -> tuple[date | None, date | None]:
    """As a results page reads them: what makes no sense counts as not given."""
    chosen = read_selection({name: said[name] for name in ("from", "to") if name in said})
    return chosen.first, chosen.last

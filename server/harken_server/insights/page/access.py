"""Who may see results: the signed link opened, and the page's filter read leniently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

from harken_server.http.declared import Arrival
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.insights.page.opened import OpenResults
from harken_server.insights.page.selection import (
    EVERYTHING,
    Selection,
    count_filter,
    name_in,
    read_selection,
)
from harken_server.insights.page.weighing import Weights, offered_weights
from harken_server.insights.read.taking_in import as_usual, narrow_to
from harken_server.invitations.links import RESULTS, follow_link, open_link
from harken_server.kernel.errors import NotFoundError
from harken_server.responses.filters import counted_dimensions
from harken_server.responses.response import STORE
from harken_server.segments.store import list_segments
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.surveys.protection import minimum_of
from harken_server.workspaces.people.rules import Reach


async def open_results(arrival: Arrival) -> OpenResults | None:
    """The results that a request may see; None when its link is not, or no longer, good."""
    loaded = await open_link(arrival, RESULTS)
    if loaded is None:
        return None
    runtime, query = arrival.runtime, arrival.said()
    base = urlsplit(runtime.settings.of(HttpSettings).public_url).path.rstrip("/")
    path = f"{base}/results/{quote(arrival.piece('survey'))}"
    return await results_of(runtime, loaded, query, path=path, token=query["token"])


async def results_of(
    runtime: Runtime,
    loaded: LoadedSurvey,
    query: Mapping[str, str],
    *,
    path: str,
    token: str = "",
    reads_comments: bool = True,
    reach: Reach = EVERYTHING,
) -> OpenResults:
    """The survey's results as a query asks for them, no further than the reach goes."""
    now = runtime.clock().astimezone(loaded.workspace.zone)
    selection, workspace_id = _known(read_selection(query), loaded, reach), loaded.workspace.id
    may_choose = not token and reach == EVERYTHING
    segments, refused = await _segments(runtime, loaded, selection, may_choose=may_choose)
    if selection.segment not in dict(segments):
        selection = msgspec.structs.replace(selection, segment="")
    weights = await offered_weights(runtime, loaded, reach)
    selection = _weighted(selection, weights)
    chosen = count_filter(selection, now, reach)
    chosen = await as_usual(runtime.db, workspace_id, loaded.survey, chosen)
    if key := selection.segment:
        chosen = await narrow_to(runtime, loaded.workspace, loaded.record, chosen, key)
    return OpenResults(
        runtime=runtime,
        loaded=await _shown_version(runtime, loaded, selection),
        token=token,
        path=path,
        selection=selection,
        filter=chosen,
        now=now,
        question=name_in(query, "question"),
        before=name_in(query, "before") or None,
        segments=segments,
        weights=weights,
        refused=refused,
        reads_comments=reads_comments,
        reach=reach,
    )


class Returning(NamedTuple):
    """Who looks at results, and how to ask again whether they still may."""

    opened: OpenResults
    arrival: Arrival

    async def may_still(self) -> bool:
        """Whether the link is still good."""
        address, token = self.arrival.piece("survey"), self.opened.token
        try:
            return await follow_link(self.arrival.runtime, RESULTS, address, token) is not None
        except NotFoundError:
            return False


async def open_returning(arrival: Arrival) -> Returning | None:
    """As `open_results`, for somebody who stays."""
    opened = await open_results(arrival)
    return None if opened is None else Returning(opened, arrival)


def _weighted(selection: Selection, weights: Weights) -> Selection:
    """Nothing is weighted by what is not offered."""
    is_offered = selection.weight in {name for name, _ in weights}
    return selection if is_offered else msgspec.structs.replace(selection, weight="")


async def _segments(
    runtime: Runtime, loaded: LoadedSurvey, selection: Selection, *, may_choose: bool
) -> tuple[tuple[tuple[str, str], ...], str]:
    """Those of the workspace, and why the one that was asked for is none of them."""
    minimum = minimum_of(loaded.survey)
    found: list[tuple[str, str]] = []
    if may_choose and not minimum:
        known = await list_segments(runtime.db, loaded.workspace.id)
        found = [(each.key, each.title or each.key) for each in known]
    if not selection.segment or selection.segment in dict(found):
        return tuple(found), ""
    if minimum:
        return (), (
            f"This survey shows the answers of at least {minimum} people together, so it cannot be "
            "narrowed to a segment. These are all answers."
        )
    return tuple(found), "There is no such segment to choose here. These are all answers."


def _known(selection: Selection, loaded: LoadedSurvey, reach: Reach) -> Selection:
    """Nothing is narrowed by a dimension that nobody declared, or that its reader does not see."""
    member, seen = selection.member, counted_dimensions(loaded.workspace)
    if member is not None and member[0] in ([STORE] if reach.stores else seen):
        return selection
    return msgspec.structs.replace(selection, where="")


async def _shown_version(
    runtime: Runtime, loaded: LoadedSurvey, selection: Selection
) -> LoadedSurvey:
    """The version filtered by, where there is one; else the current one."""
    if selection.version is None:
        return loaded
    try:
        return await runtime.of(Catalog).load(loaded.workspace, loaded.record, selection.version)
    except NotFoundError:
        return loaded

"""Who may see results: the signed link opened, and the page's filter read leniently."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from harken_server.http.declared import Arrival
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.insights.page.reading import EVERYTHING, OpenResults
from harken_server.insights.page.view import DEFAULT_PRESET, PRESETS, Selection
from harken_server.insights.read.taking_in import as_usual
from harken_server.invitations.links import RESULTS, open_link
from harken_server.kernel.errors import NotFoundError
from harken_server.responses.response import CountFilter
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.workspaces.people.rules import Reach

MAX_NAME_CHARS = 64
MAX_VERSION_DIGITS = 6


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
    now, selection = runtime.clock(), read_selection(query)
    chosen = count_filter(selection, now, reach)
    key, workspace = loaded.record.key, loaded.workspace
    return OpenResults(
        runtime=runtime,
        loaded=await _shown_version(runtime, loaded, selection),
        token=token,
        path=path,
        selection=selection,
        filter=await as_usual(runtime.db, workspace.id, key, chosen),
        now=now,
        question=_name(query, "question"),
        before=_name(query, "before") or None,
        reads_comments=reads_comments,
        reach=reach,
    )


def read_selection(query: Mapping[str, str]) -> Selection:
    """The form's filter; what makes no sense counts as not given, as on any page for people."""
    days, version = _name(query, "days"), _name(query, "version")
    is_version = version.isascii() and version.isdecimal() and len(version) <= MAX_VERSION_DIGITS
    return Selection(
        days=days if days in PRESETS else DEFAULT_PRESET,
        touchpoint=_name(query, "touchpoint"),
        channel=_name(query, "channel"),
        version=int(version) if is_version else None,
        store=_name(query, "store"),
    )


def count_filter(selection: Selection, now: datetime, reach: Reach = EVERYTHING) -> CountFilter:
    """The filter for storage: that many UTC days up to and with today."""
    today = now.date()
    is_all = selection.days == "all"
    first = None if is_all else today - timedelta(days=int(selection.days) - 1)
    chosen = tuple(store for store in reach.stores if store == selection.store)
    return CountFilter(
        from_day=None if first is None else first.toordinal(),
        to_day=today.toordinal(),
        touchpoint=selection.touchpoint or None,
        channel=selection.channel or None,
        version=selection.version,
        touchpoints=reach.touchpoints,
        stores=chosen or reach.stores,
    )


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


def _name(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    return "" if "\x00" in value or len(value) > MAX_NAME_CHARS else value

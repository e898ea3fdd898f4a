"""Who may see results: the signed link opened, and the page's filter read leniently."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from litestar import Request

from harken_server.http.runtime import Runtime, runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.insights.page.view import DEFAULT_PRESET, PRESETS, Selection
from harken_server.invitations.links import may_see_results
from harken_server.kernel.errors import NotFoundError
from harken_server.responses.response import CountFilter
from harken_server.surveys.catalog import Catalog, LoadedSurvey

MAX_NAME_CHARS = 64
MAX_ADDRESS_CHARS = 97
"""A survey key behind a workspace and a dot."""
MAX_VERSION_DIGITS = 6


class OpenResults(msgspec.Struct, kw_only=True, frozen=True):
    """A results link that was found good, and what it is asked to show."""

    runtime: Runtime
    loaded: LoadedSurvey
    token: str
    path: str
    """Path of the page under the public address."""
    selection: Selection
    filter: CountFilter
    now: datetime
    question: str
    """Key of the question that a CSV file is about; empty for the page."""
    before: str | None
    """Cursor of older comments."""


async def open_results(request: Request[Any, Any, Any], address: str) -> OpenResults | None:
    """The results that a request may see; None when its link is not, or no longer, good."""
    runtime = runtime_of(request)
    query: Mapping[str, Any] = request.query_params
    token = str(query.get("token", ""))
    now = runtime.clock()
    if len(address) > MAX_ADDRESS_CHARS:
        return None
    try:
        loaded = await runtime.of(Catalog).find(address)
    except NotFoundError:
        return None
    is_good = may_see_results(
        runtime.signing_keys,
        token,
        workspace_id=loaded.workspace.id,
        survey=loaded.record.key,
        now=now,
    )
    if not is_good:
        return None
    selection = read_selection(query)
    base = urlsplit(runtime.settings.of(HttpSettings).public_url).path.rstrip("/")
    return OpenResults(
        runtime=runtime,
        loaded=await _shown_version(runtime, loaded, selection),
        token=token,
        path=f"{base}/results/{quote(address)}",
        selection=selection,
        filter=count_filter(selection, now),
        now=now,
        question=_name(query, "question"),
        before=_name(query, "before") or None,
    )


def read_selection(query: Mapping[str, Any]) -> Selection:
    """The form's filter; what makes no sense counts as not given, as on any page for people."""
    days, version = _name(query, "days"), _name(query, "version")
    is_version = version.isascii() and version.isdecimal() and len(version) <= MAX_VERSION_DIGITS
    return Selection(
        days=days if days in PRESETS else DEFAULT_PRESET,
        touchpoint=_name(query, "touchpoint"),
        channel=_name(query, "channel"),
        version=int(version) if is_version else None,
    )


def count_filter(selection: Selection, now: datetime) -> CountFilter:
    """The filter for storage: that many UTC days up to and with today."""
    today = now.date()
    is_all = selection.days == "all"
    first = None if is_all else today - timedelta(days=int(selection.days) - 1)
    return CountFilter(
        from_day=None if first is None else first.toordinal(),
        to_day=today.toordinal(),
        touchpoint=selection.touchpoint or None,
        channel=selection.channel or None,
        version=selection.version,
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


def _name(query: Mapping[str, Any], name: str) -> str:
    value = str(query.get(name, ""))
    return "" if "\x00" in value or len(value) > MAX_NAME_CHARS else value

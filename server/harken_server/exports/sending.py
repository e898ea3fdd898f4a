"""A file of responses on its way to whoever may read it, or word that they have it already."""

from __future__ import annotations

import hashlib
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec

from harken_server import __version__
from harken_server.database.lanes import encode_cursor
from harken_server.exports.columns.shaping import TRAIT
from harken_server.exports.file_kinds import FORMATS, name_of
from harken_server.exports.options import ExportQuery, positions_of
from harken_server.exports.shaped import Export
from harken_server.http.encodings import Headers, has_already
from harken_server.http.fast import RawHeaders
from harken_server.http.header_values import header_bytes, link_to
from harken_server.http.long_reads.downloads import Download, NotModified, download, not_modified
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.insights.read.taking_in import taken_in
from harken_server.responses.response import CountFilter
from harken_server.responses.small_groups import guard, shelter_rows
from harken_server.responses.store.positions_sql import last_positions
from harken_server.surveys.publish import read_versions
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.survey import Survey
from harken_server.workspaces.workspace import Workspace


class Sending(NamedTuple):
    """Who asks for a file, and of what."""

    runtime: Runtime
    headers: Headers
    workspace: Workspace
    record: SurveyRecord
    query: ExportQuery
    path: str
    """Where it was asked for, under the public address; the next part is asked for there too."""


async def open_export(
    runtime: Runtime, workspace: Workspace, record: SurveyRecord, query: ExportQuery
) -> Export:
    """What an export reads."""
    versions = await read_versions(runtime.db, workspace.id, record)
    taken = (await taken_in(runtime, workspace, record, query)).selection
    chosen = sheltered(versions[-1][1], query, taken)
    return Export(runtime.db, workspace, record, versions, query, chosen, runtime.clock())


def sheltered(survey: Survey, query: ExportQuery, taken: CountFilter) -> CountFilter:
    """What rows may be listed by. ForbiddenError (`small_groups`) for a part of a survey that
    shows nobody alone."""
    if query.after is not None or query.latest is not None:
        guard(survey, "Parts of the answers")
    return shelter_rows(survey, taken)


async def send(sending: Sending, name: str) -> Download | NotModified:
    """The file in the format of this name; 304 where nothing of it changed since.

    What comes or changes from now on is behind the cursor of its link `next`, which is read before
    the file's snapshot is taken: a response may be in both, and none is missed.
    """
    runtime, workspace, query = sending.runtime, sending.workspace, sending.query
    record = sending.record
    seen = positions_of(query)
    now = await last_positions(runtime.db, workspace.id, record.id)
    etag = _etag(sending, name, encode_cursor(now))
    if etag and has_already(sending.headers, etag):
        return not_modified(etag)
    export, form = await open_export(runtime, workspace, record, query), FORMATS[name]
    further: RawHeaders = ((b"link", _next(sending, encode_cursor({**seen, **now}))),)
    if etag:
        further = (*further, (b"etag", etag.encode()))
    return await download(
        runtime, workspace.id, form.stream(export), name_of(export, form), form.media_type,
        asked=None if form.is_packed else sending.headers, further=further,
    )  # fmt: skip


def _etag(sending: Sending, name: str, cursor: str) -> str:
    """Of everything that the file is made of; empty for what changes without a response's doing."""
    if TRAIT in (sending.query.columns or "") or sending.query.segment is not None:
        return ""
    said = msgspec.json.encode(
        [
            name, cursor, sending.query, sending.record.id, sending.record.version,
            sending.workspace.dimensions, __version__,
        ]
    )  # fmt: skip
    return f'W/"{hashlib.sha256(said).hexdigest()[:24]}"'


def _next(sending: Sending, cursor: str) -> bytes:
    asked = msgspec.to_builtins(sending.query)
    asked.pop("token", None)
    query = urlencode({**asked, "after": cursor})
    url = f"{sending.runtime.settings.of(HttpSettings).public_url}{sending.path}?{query}"
    return header_bytes(link_to(url, "next"))

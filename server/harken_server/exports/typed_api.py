"""Rows leaving the building with their types: XLSX."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from harken_server.exports.about import About
from harken_server.exports.rules import export_file_name
from harken_server.exports.table import Table, table_of
from harken_server.exports.xlsx.export import stream_xlsx
from harken_server.http.long_reads.downloads import Download, download
from harken_server.http.problems import BadRequestError
from harken_server.responses.filters import FilterQuery, count_filter
from harken_server.responses.store.selection import Selection, select_responses
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.publish import read_versions
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.texts import resolve_text
from harken_server.workspaces.access import Acting
from harken_server.workspaces.keyed import Call, get

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TypedQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter and the zone."""

    tz: Annotated[str, msgspec.Meta(max_length=64)] = "UTC"
    """IANA name of the zone in which times are shown, such as `Europe/Oslo`."""


@get(
    "/surveys/{key:str}/export.xlsx",
    "export_xlsx",
    "Responses as a workbook for Excel, typed, with a codebook",
    errors=(404, 429),
    reply_type=XLSX,
)
async def export_xlsx(call: Call, key: str, query: TypedQuery) -> Download:
    """Streamed from one snapshot; texts stay texts, times and numbers are what they are."""
    return await send_xlsx(call, await find_record(call, key), query)


async def send_xlsx(caller: Acting, record: SurveyRecord, query: TypedQuery) -> Download:
    """The workbook of a survey for whoever may read it."""
    asked = await _ask(caller, record, query)
    runtime = caller.runtime
    rows = stream_xlsx(runtime.db, asked.table, asked.selection, asked.zone, asked.about)
    return await download(runtime, record.workspace_id, rows, f"{asked.name}.xlsx", XLSX)


class _Asked(NamedTuple):
    table: Table
    selection: Selection
    zone: tzinfo
    about: About
    name: str
    """Of the file, without its ending."""


async def _ask(caller: Acting, record: SurveyRecord, query: TypedQuery) -> _Asked:
    """Raises BadRequestError for a zone that is none and a filter that is none."""
    zone, chosen = _zone_of(query.tz), count_filter(query, caller.workspace)
    versions = await read_versions(caller.runtime.db, record.workspace_id, record)
    latest = versions[-1][1]
    filters = msgspec.to_builtins(query)
    del filters["tz"]
    about = About(
        survey=record.key,
        title=resolve_text(latest.title, latest.locale, latest.locale),
        versions=", ".join(str(number) for number, _ in versions),
        filters=filters,
        zone=query.tz,
        generated_at=caller.runtime.clock(),
    )
    selection = select_responses(record.workspace_id, record.id, chosen)
    name = export_file_name(record.key, chosen, "")[:-1]
    return _Asked(table_of(record.key, versions), selection, zone, about, name)


def _zone_of(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise BadRequestError(
            f"tz is {name!r}; it must be a name of the IANA time zone database, such as "
            "Europe/Oslo.",
            code="bad_parameter",
        ) from None

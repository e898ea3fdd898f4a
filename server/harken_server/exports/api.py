"""Rows leaving the building: CSV and JSONL, streamed."""

from typing import Literal

from harken_server.exports.csv import stream_csv
from harken_server.exports.jsonl import stream_jsonl
from harken_server.exports.rules import export_file_name
from harken_server.http.long_reads.downloads import Download, download
from harken_server.responses.filters import FilterQuery, count_filter
from harken_server.responses.small_groups import shelter_rows
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.publish import read_versions
from harken_server.workspaces.keyed import Call, get


class CsvQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter and the dialect."""

    dialect: Literal["raw", "spreadsheet"] = "raw"
    """`raw` for programs; `spreadsheet` adds a byte order mark and guards against formulas."""


@get(
    "/surveys/{key:str}/export.csv",
    "export_csv",
    "Responses as CSV, one row each",
    errors=(403, 404, 429),
    reply_type="text/csv",
)
async def export_csv(call: Call, key: str, query: CsvQuery) -> Download:
    """Streamed from one snapshot; columns never move."""
    record = await find_record(call, key)
    versions = await read_versions(call.db, call.workspace_id, record)
    chosen = shelter_rows(versions[-1][1], count_filter(query, call.workspace))
    rows = stream_csv(call.db, record.workspace_id, record, versions, chosen, query.dialect)
    name = export_file_name(key, chosen, "csv")
    return await download(call.runtime, call.workspace_id, rows, name, "text/csv")


@get(
    "/surveys/{key:str}/export.jsonl",
    "export_jsonl",
    "Responses as JSON lines",
    errors=(403, 404, 429),
    reply_type="application/jsonl",
)
async def export_jsonl(call: Call, key: str, query: FilterQuery) -> Download:
    """One object a line, with every answer in wire form."""
    record = await find_record(call, key)
    versions = await read_versions(call.db, call.workspace_id, record)
    chosen = shelter_rows(versions[-1][1], count_filter(query, call.workspace))
    rows = stream_jsonl(call.db, record.workspace_id, record, versions, chosen)
    name = export_file_name(key, chosen, "jsonl")
    return await download(call.runtime, call.workspace_id, rows, name, "application/jsonl")

"""Rows leaving the building: CSV and JSONL, streamed."""

from typing import Literal

from harken_server.exports.csv import stream_csv
from harken_server.exports.jsonl import stream_jsonl
from harken_server.exports.rules import export_file_name
from harken_server.http.long_reads.downloads import Download, download
from harken_server.insights.read.taking_in import taken_in
from harken_server.responses.filters import FilterQuery
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
    errors=(404, 429),
    reply_type="text/csv",
)
async def export_csv(call: Call, key: str, query: CsvQuery) -> Download:
    """Streamed from one snapshot; columns never move."""
    record = await find_record(call, key)
    versions = await read_versions(call.db, call.workspace_id, record)
    chosen = (await taken_in(call.runtime, call.workspace, record, query)).selection
    rows = stream_csv(call.db, record.workspace_id, record, versions, chosen, query.dialect)
    name = export_file_name(key, chosen, "csv")
    return await download(call.runtime, call.workspace_id, rows, name, "text/csv")


@get(
    "/surveys/{key:str}/export.jsonl",
    "export_jsonl",
    "Responses as JSON lines",
    errors=(404, 429),
    reply_type="application/jsonl",
)
async def export_jsonl(call: Call, key: str, query: FilterQuery) -> Download:
    """One object a line, with every answer in wire form."""
    record = await find_record(call, key)
    versions = await read_versions(call.db, call.workspace_id, record)
    chosen = (await taken_in(call.runtime, call.workspace, record, query)).selection
    rows = stream_jsonl(call.db, record.workspace_id, record, versions, chosen)
    name = export_file_name(key, chosen, "jsonl")
    return await download(call.runtime, call.workspace_id, rows, name, "application/jsonl")

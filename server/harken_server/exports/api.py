"""Rows leaving the building: CSV and JSONL, streamed."""

from typing import Any, Literal

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Stream

from harken_server.exports.columns import export_file_name
from harken_server.exports.csv import stream_csv
from harken_server.exports.jsonl import stream_jsonl
from harken_server.http.bodies import decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import download
from harken_server.http.runtime import runtime_of
from harken_server.responses.filters import FilterQuery, count_filter
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.publish import read_versions
from harken_server.workspaces.access import workspace_of


class CsvQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter and the dialect."""

    dialect: Literal["raw", "spreadsheet"] = "raw"
    """`raw` for programs; `spreadsheet` adds a byte order mark and guards against formulas."""


@get(
    "/surveys/{key:str}/export.csv",
    opt=describe(
        Operation(
            "export_csv",
            "Responses as CSV, one row each",
            query=CsvQuery,
            reply_type="text/csv",
            errors=(400, 404),
        )
    ),
)
async def export_csv(request: Request[Any, Any, Any], key: FromPath[str]) -> Stream:
    """Streamed from one snapshot; columns never move."""
    runtime = runtime_of(request)
    query = decode_query(request.query_params.multi_items(), CsvQuery)
    record = await find_record(request, key)
    versions = await read_versions(runtime.db, workspace_of(request).id, record)
    rows = stream_csv(
        runtime.db, record.workspace_id, record, versions, count_filter(query), query.dialect
    )
    return await download(rows, export_file_name(key, count_filter(query), "csv"), "text/csv")


@get(
    "/surveys/{key:str}/export.jsonl",
    opt=describe(
        Operation(
            "export_jsonl",
            "Responses as JSON lines",
            query=FilterQuery,
            reply_type="application/jsonl",
            errors=(400, 404),
        )
    ),
)
async def export_jsonl(request: Request[Any, Any, Any], key: FromPath[str]) -> Stream:
    """One object a line, with every answer in wire form."""
    runtime = runtime_of(request)
    query = decode_query(request.query_params.multi_items(), FilterQuery)
    record = await find_record(request, key)
    versions = await read_versions(runtime.db, workspace_of(request).id, record)
    rows = stream_jsonl(runtime.db, record.workspace_id, record, versions, count_filter(query))
    return await download(
        rows, export_file_name(key, count_filter(query), "jsonl"), "application/jsonl"
    )

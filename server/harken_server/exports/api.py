"""Rows leaving the building: CSV and JSONL, streamed."""

from litestar import Response

from harken_server.exports.options import CsvQuery, ExportQuery
from harken_server.exports.sending import Sending, send
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.keyed import Call, get


@get(
    "/surveys/{key:str}/export.csv",
    "export_csv",
    "Responses as CSV, one row each",
    errors=(404, 429),
    reply_type="text/csv",
    also=(304,),
)
async def export_csv(call: Call, key: str, query: CsvQuery) -> Response[bytes]:
    """Streamed from one snapshot; columns never move."""
    return await _send(call, key, query, "csv")


@get(
    "/surveys/{key:str}/export.jsonl",
    "export_jsonl",
    "Responses as JSON lines",
    errors=(404, 429),
    reply_type="application/jsonl",
    also=(304,),
)
async def export_jsonl(call: Call, key: str, query: ExportQuery) -> Response[bytes]:
    """One object a line, with every answer in wire form; by column where columns are asked for."""
    return await _send(call, key, query, "jsonl")


async def _send(call: Call, key: str, query: ExportQuery, name: str) -> Response[bytes]:
    record = await find_record(call, key)
    path = f"/v1/surveys/{key}/export.{name}"
    return await send(
        Sending(call.runtime, call.headers, call.workspace, record, query, path), name
    )

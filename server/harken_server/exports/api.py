"""Rows leaving the building, in each format that there is."""

from litestar import Response

from harken_server.exports.files import PARQUET, SPSS, XLSX
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


@get(
    "/surveys/{key:str}/export.xlsx",
    "export_xlsx",
    "Responses as a workbook, typed, with a codebook",
    errors=(404, 429),
    reply_type=XLSX,
    also=(304,),
)
async def export_xlsx(call: Call, key: str, query: ExportQuery) -> Response[bytes]:
    """Streamed from one snapshot; texts stay texts, and no cell is a formula."""
    return await _send(call, key, query, "xlsx")


@get(
    "/surveys/{key:str}/export.parquet",
    "export_parquet",
    "Responses as Parquet, typed",
    errors=(404, 429, 501),
    reply_type=PARQUET,
    also=(304,),
)
async def export_parquet(call: Call, key: str, query: ExportQuery) -> Response[bytes]:
    """Streamed from one snapshot, a row group at a time, with labels in the metadata."""
    return await _send(call, key, query, "parquet")


@get(
    "/surveys/{key:str}/export.sav",
    "export_spss",
    "Responses as an SPSS file, with labels",
    errors=(404, 429, 501),
    reply_type=SPSS,
    also=(304,),
)
async def export_spss(call: Call, key: str, query: ExportQuery) -> Response[bytes]:
    """Made in memory by a process of its own, and then sent: its rows are limited."""
    return await _send(call, key, query, "sav")


async def _send(call: Call, key: str, query: ExportQuery, name: str) -> Response[bytes]:
    record = await find_record(call, key)
    path = f"/v1/surveys/{key}/export.{name}"
    return await send(
        Sending(call.runtime, call.headers, call.workspace, record, query, path), name
    )

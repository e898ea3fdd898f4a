"""Rows leaving the building, in each format that there is; and what their columns hold."""

import msgspec
from litestar import Response

from harken_server.exports.columns.codebook import Entry, codebook_of, codebook_rows, locales_of
from harken_server.exports.file_kinds import PARQUET, SPSS, XLSX
from harken_server.exports.options import CsvQuery, ExportQuery
from harken_server.exports.sending import Sending, send
from harken_server.insights.api.csv_style import CsvDialect, CsvLocale, csv_reply, style_for
from harken_server.kernel.sheet_files import csv_file
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.publish import read_versions
from harken_server.workspaces.keyed import Call, get


@get(
    "/surveys/{key:str}/export.csv",
    "export_csv",
    "Responses as CSV, one row each",
    errors=(403, 404, 429),
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
    errors=(403, 404, 429),
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


class CodebookQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How the file is written."""

    dialect: CsvDialect = "raw"
    locale: CsvLocale = None


class CodebookReply(msgspec.Struct, kw_only=True):
    """What each column of a survey's exports holds."""

    survey: str
    locales: list[str]
    columns: list[Entry]


@get("/surveys/{key:str}/codebook.json", "get_codebook", "What each column holds", errors=(404,))
async def codebook_json(call: Call, key: str) -> CodebookReply:
    """Over all versions: the columns of every export, in their order."""
    versions = await read_versions(call.db, call.workspace_id, await find_record(call, key))
    entries = codebook_of(key, versions)
    return CodebookReply(survey=key, locales=locales_of(versions), columns=entries)


@get(
    "/surveys/{key:str}/codebook.csv",
    "export_codebook",
    "What each column holds, as CSV",
    errors=(404,),
    reply_type="text/csv",
)
async def codebook_csv(call: Call, key: str, query: CodebookQuery) -> Response[bytes]:
    """One row a column, or one for each code that its values have."""
    style = style_for(query.dialect, query.locale)
    versions = await read_versions(call.db, call.workspace_id, await find_record(call, key))
    heads, rows = codebook_rows(codebook_of(key, versions), locales_of(versions))
    return csv_reply(csv_file(heads, rows, style), f"{key}_codebook.csv")

"""The formats that a file can have, and one way to write each."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC
from typing import NamedTuple

from harken_server.exports.about import about_of
from harken_server.exports.csv import stream_csv
from harken_server.exports.jsonl import stream_jsonl
from harken_server.exports.options import CsvQuery, csv_style_of, zone_of
from harken_server.exports.parquet import stream_parquet
from harken_server.exports.rules import export_file_name
from harken_server.exports.shaped import Export, rows_of_columns
from harken_server.exports.shaped_text import names_of, stream_shaped_csv, stream_shaped_jsonl
from harken_server.exports.spss import stream_spss
from harken_server.exports.xlsx.export import stream_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"
SPSS = "application/x-spss-sav"


class Format(NamedTuple):
    """A kind of file."""

    name: str
    """Also how the file's name ends."""
    media_type: str
    stream: Callable[[Export], AsyncGenerator[bytes]]
    """Chunks of it from one snapshot; raises BadRequestError for what is asked wrongly."""
    is_packed: bool = False
    """Whether it is compressed by itself."""


def write_csv(export: Export) -> AsyncGenerator[bytes]:
    """The quick way where every column is as it always is."""
    query, style = export.query, csv_style_of(export.query)
    if not query.is_plain or (style.separator, style.decimal) != (",", "."):
        return stream_shaped_csv(export)
    dialect = query.dialect if isinstance(query, CsvQuery) else "raw"
    return stream_csv(
        export.db, export.workspace.id, export.record, export.versions, export.selection, dialect
    )


def write_jsonl(export: Export) -> AsyncGenerator[bytes]:
    """Whole responses as the API gives them, or rows by column where some are asked for."""
    if not export.query.is_plain:
        return stream_shaped_jsonl(export)
    return stream_jsonl(
        export.db, export.workspace.id, export.record, export.versions, export.selection
    )


def write_xlsx(export: Export) -> AsyncGenerator[bytes]:
    """Typed cells, and times of a clock on the wall."""
    found = rows_of_columns(export)
    columns = [
        column._replace(name=name)
        for column, name in zip(found.columns, names_of(found.columns, export.query), strict=True)
    ]
    zone = zone_of(export.query) or UTC
    return stream_xlsx(columns, found.blocks, zone, about_of(export))


def write_parquet(export: Export) -> AsyncGenerator[bytes]:
    """Times with their zone; columns are called by their keys, and have their titles beside."""
    found = rows_of_columns(export)
    return stream_parquet(found.columns, found.blocks, about_of(export))


def write_spss(export: Export) -> AsyncGenerator[bytes]:
    """As SPSS has no zones: times of a clock on the wall."""
    found = rows_of_columns(export)
    return stream_spss(found.columns, found.blocks, about_of(export))


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("csv", "text/csv", write_csv),
        Format("jsonl", "application/jsonl", write_jsonl),
        Format("xlsx", XLSX, write_xlsx, is_packed=True),
        Format("parquet", PARQUET, write_parquet, is_packed=True),
        Format("sav", SPSS, write_spss, is_packed=True),
    )
}


def name_of(export: Export, form: Format) -> str:
    """Of the file."""
    name = export_file_name(export.record.key, export.chosen, form.name)
    return name if export.query.layout == "wide" else name.replace("_", "_long_", 1)

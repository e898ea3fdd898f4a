"""The formats that a file can have, and one way to write each."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import NamedTuple

from harken_server.exports.csv import stream_csv
from harken_server.exports.jsonl import stream_jsonl
from harken_server.exports.options import CsvQuery, csv_style_of
from harken_server.exports.rules import export_file_name
from harken_server.exports.shaped import Export
from harken_server.exports.shaped_text import stream_shaped_csv, stream_shaped_jsonl
from harken_server.responses.filters import count_filter


class Format(NamedTuple):
    """A kind of file."""

    name: str
    """Also how the file's name ends."""
    media_type: str
    stream: Callable[[Export], AsyncGenerator[bytes]]
    """Chunks of it from one snapshot; raises BadRequestError for what is asked wrongly."""


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


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("csv", "text/csv", write_csv),
        Format("jsonl", "application/jsonl", write_jsonl),
    )
}


def name_of(export: Export, form: Format) -> str:
    """Of the file."""
    chosen = count_filter(export.query, export.workspace)
    name = export_file_name(export.record.key, chosen, form.name)
    return name if export.query.layout == "wide" else name.replace("_", "_long_", 1)
